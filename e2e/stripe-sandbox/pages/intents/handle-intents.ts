import type { PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { challengeDialog } from '../checkout/challenge';
import { DONE, noticePage, unknownPage } from '../checkout/closed-page';
import { EMPTY_VALUES } from '../checkout/form-values';
import { html } from '../html';
import { documentResponse, redirectResponse } from '../layout';
import { merchantBar } from '../merchant-bar';
import { exactTime } from '../times';

const CHALLENGE = /^\/c\/authenticate\/(?:live|test)\/(\w+)$/;
const MANDATE = /^\/mandates\/(?:live|test)\/(\w+)$/;

/** /c/authenticate/:mode/:intent, where a bank asks its customer, and /mandates/:mode/:mandate. */
export function handleIntents(
  { intents }: Pick<Sandbox, 'intents'>,
  req: PageRequest,
): PageResponse | undefined {
  const intentId = CHALLENGE.exec(req.path)?.[1];
  if (intentId !== undefined) {
    return req.method === 'POST' ? answered(intents, intentId, req) : asked(intents, intentId, req);
  }
  const mandateId = MANDATE.exec(req.path)?.[1];
  return mandateId === undefined || req.method === 'POST' ? undefined : mandatePage(intents, mandateId);
}

type Intents = Sandbox['intents'];

function asked(intents: Intents, intentId: string, { path }: PageRequest): PageResponse {
  const challenge = intents.challenge(intentId);
  if (!challenge) return unknownIntent();
  const { amount, businessName, isOpen, livemode } = challenge;
  if (!isOpen) return nothingAsked(intents, intentId);
  const dialog = challengeDialog({
    action: path,
    open: true,
    businessName,
    amount: amount && formatAmount(amount.value, amount.currency),
    values: EMPTY_VALUES,
  });
  const body = html`<main class="closed">
    ${merchantBar({ businessName, backTo: null, livemode })} ${dialog}
  </main>`;
  return documentResponse({ title: `${businessName} · Confirm`, body, room: 'checkout' });
}

function answered(intents: Intents, intentId: string, { form }: PageRequest): PageResponse {
  const given = form.get('answer');
  if (given !== 'complete' && given !== 'fail') return nothingAsked(intents, intentId);
  const outcome = intents.answer(intentId, given);
  if (outcome.outcome === 'no_challenge') return nothingAsked(intents, intentId);
  return outcome.redirectTo === null ? nothingAsked(intents, intentId) : redirectResponse(outcome.redirectTo);
}

function nothingAsked(intents: Intents, intentId: string): PageResponse {
  const challenge = intents.challenge(intentId);
  if (!challenge) return unknownIntent();
  const { businessName, livemode } = challenge;
  return noticePage({
    title: `${businessName} · Answered`,
    merchant: { businessName, backTo: null, livemode },
    mark: DONE,
    heading: 'Nothing is asked here',
    text: 'The question was answered. You can close this page.',
  });
}

function unknownIntent(): PageResponse {
  return unknownPage({
    title: 'Question not found',
    heading: 'No such question',
    text: 'The link is incomplete, or its payment belongs to another sandbox data folder.',
  });
}

function mandatePage(intents: Intents, mandateId: string): PageResponse {
  const mandate = intents.mandate(mandateId);
  if (!mandate) {
    return unknownPage({
      title: 'Mandate not found',
      heading: 'No such mandate',
      text: 'The link is incomplete, or its payment belongs to another sandbox data folder.',
    });
  }
  const { acceptedAt, businessName, isActive, livemode, reference } = mandate;
  return noticePage({
    title: `${businessName} · SEPA Direct Debit mandate`,
    merchant: { businessName, backTo: null, livemode },
    mark: DONE,
    heading: 'SEPA Direct Debit mandate',
    text: html`Mandate ${reference} lets ${businessName} debit the account
    ${acceptedAt !== null && html`, as agreed on ${exactTime(acceptedAt)}`}.
    ${isActive ? 'It is active.' : 'It is no longer active.'}`,
  });
}
