import type { CheckoutView, PageRequest, PageResponse, PayOutcome, Sandbox } from '../../sandbox';
import { jsonResponse, redirectResponse } from '../layout';
import {
  EMPTY_VALUES,
  FIELD_OF,
  readForm,
  toPayInput,
  type FormProblem,
  type FormValues,
} from './checkout-form';
import { checkoutPage } from './checkout-page';
import { completedPage, expiredPage, unknownSessionPage } from './closed-page';
import {
  groupDigits,
  TEST_CARD_CVC,
  TEST_CARD_EMAIL,
  TEST_CARD_EXPIRY,
  TEST_CARD_NAME,
  TEST_CARD_ZIP,
  TEST_CARDS,
} from './test-cards';

const MOVED_ON = 'That question was already answered. Try again.';

function closedPage(view: CheckoutView): PageResponse {
  return view.session.status === 'complete' ? completedPage(view) : expiredPage(view);
}

function fillCard(values: FormValues, key: string): FormValues {
  const card = TEST_CARDS.find((candidate) => candidate.key === key);
  if (!card) return values;
  return {
    email: values.email || TEST_CARD_EMAIL,
    cardNumber: groupDigits(card.number),
    cardExpiry: TEST_CARD_EXPIRY,
    cardCvc: TEST_CARD_CVC,
    billingName: values.billingName || TEST_CARD_NAME,
    billingCountry: values.billingCountry,
    billingPostalCode: values.billingPostalCode || TEST_CARD_ZIP,
  };
}

/** What the browser has to do next; the same answer as JSON for the script and as a page without it. */
type Next =
  { next: 'redirect'; to: string } | { next: 'message'; problem: FormProblem } | { next: 'challenge' };

function nextOf(outcome: PayOutcome, path: string): Next {
  switch (outcome.outcome) {
    case 'paid':
      return { next: 'redirect', to: outcome.redirectTo };
    case 'declined':
      return { next: 'message', problem: { field: null, message: outcome.message } };
    case 'invalid':
      return { next: 'message', problem: { field: FIELD_OF[outcome.field], message: outcome.message } };
    case 'challenge':
      return { next: 'challenge' };
    case 'no_challenge':
      return { next: 'message', problem: { field: null, message: MOVED_ON } };
    case 'closed':
      return { next: 'redirect', to: outcome.redirectTo ?? path };
    case 'unknown_session':
      return { next: 'redirect', to: path };
  }
}

function answer(next: Next, view: CheckoutView, values: FormValues, asJson: boolean): PageResponse {
  if (asJson) return jsonResponse(next);
  switch (next.next) {
    case 'redirect':
      return redirectResponse(next.to);
    case 'message':
      return checkoutPage({ view, values, problem: next.problem, challenge: false });
    case 'challenge':
      return checkoutPage({ view, values, problem: null, challenge: true });
  }
}

/** /c/pay/:sessionId and /c/pay/:sessionId/challenge. */
export async function handleCheckout(sandbox: Sandbox, req: PageRequest): Promise<PageResponse | undefined> {
  const match = /^\/c\/pay\/([^/]+)(\/challenge)?$/.exec(req.path);
  const sessionId = match?.[1];
  if (sessionId === undefined) return undefined;
  const view = sandbox.checkout.find(sessionId);
  if (!view) return unknownSessionPage();

  const path = `/c/pay/${encodeURIComponent(sessionId)}`;
  const isChallenge = match?.[2] !== undefined;
  if (req.method !== 'POST') {
    if (isChallenge) return redirectResponse(path);
    if (view.session.status !== 'open') return closedPage(view);
    const values = { ...EMPTY_VALUES, email: view.customerEmail ?? '' };
    return checkoutPage({ view, values, problem: null, challenge: view.challenge !== null });
  }

  const asJson = req.form.get('via') === 'script';
  const typed = readForm(req.form);
  const values = view.lockedEmail ? { ...typed, email: view.customerEmail ?? '' } : typed;
  if (isChallenge) {
    const choice = req.form.get('answer') === 'complete' ? 'complete' : 'fail';
    const outcome = await sandbox.checkout.answerChallenge(sessionId, choice);
    return answer(nextOf(outcome, path), view, values, asJson);
  }
  const fill = req.form.get('fill');
  if (fill !== null) {
    if (view.session.status !== 'open') return redirectResponse(path);
    return checkoutPage({ view, values: fillCard(values, fill), problem: null, challenge: false });
  }
  const outcome = await sandbox.checkout.pay(sessionId, toPayInput(values));
  return answer(nextOf(outcome, path), view, values, asJson);
}
