import type { PayOutcome, Sandbox, SessionRow } from '../../sandbox';
import { EMPTY_VALUES, toPayInput } from '../checkout/form-values';
import { fillIn, findInstrument } from '../checkout/instruments';
import type { ActResult } from './flash';
import type { ActForm } from './form-token';

/** The instruments that a list offers; a session's own page offers all. */
const USUAL = [
  { card: 'success', label: 'Pay with Visa' },
  { card: 'declined', label: 'Try a declined card' },
  { card: 'insufficient-funds', label: 'Try a card without funds' },
  { card: 'challenge', label: 'Try a card that asks for 3DS' },
  { card: 'sepa-success', label: 'Pay by SEPA debit' },
] as const;

/** The buttons of an open session in a list. */
export function sessionActs({ id, isChallenged, status }: SessionRow): ActForm[] {
  if (status !== 'open') return [];
  const path = `/panel/sessions/${id}`;
  const pay = USUAL.map(({ card, label }): ActForm => ({ action: `${path}/pay`, label, fields: { card } }));
  return [
    ...(isChallenged ? challengeActs(path) : pay),
    { action: `${path}/expire`, label: 'Expire', tone: 'danger' },
  ];
}

/** The answers to a 3DS question. */
export function challengeActs(path: string): ActForm[] {
  const action = `${path}/challenge`;
  return [
    { action, label: 'Complete 3DS', fields: { answer: 'complete' }, tone: 'primary' },
    { action, label: 'Fail 3DS', fields: { answer: 'fail' } },
  ];
}

/** What a button of a session's page asks; undefined: there is no such session or act. */
export async function actOnSession(
  { checkout }: Pick<Sandbox, 'checkout'>,
  sessionId: string,
  act: string,
  form: URLSearchParams,
): Promise<ActResult | undefined> {
  const view = checkout.find(sessionId);
  if (!view) return undefined;
  switch (act) {
    case 'pay': {
      const instrument = findInstrument(form.get('card') ?? '');
      if (!instrument) return { tone: 'bad', text: 'There is no such card or account.' };
      const values = fillIn({ ...EMPTY_VALUES, email: view.customerEmail ?? '' }, instrument);
      return told(await checkout.pay(sessionId, { ...toPayInput(values), acceptsTerms: true }));
    }
    case 'challenge': {
      const answer = form.get('answer') === 'complete' ? 'complete' : 'fail';
      return told(await checkout.answerChallenge(sessionId, answer));
    }
    case 'expire':
      return checkout.expire(sessionId).outcome === 'expired'
        ? { tone: 'ok', text: 'The session has expired.' }
        : CLOSED;
    default:
      return undefined;
  }
}

const CLOSED: ActResult = { tone: 'bad', text: 'The session is closed already: it is complete or expired.' };

function told(outcome: PayOutcome): ActResult {
  switch (outcome.outcome) {
    case 'paid':
      return { tone: 'ok', text: 'Done. Its events are on their way.' };
    case 'declined':
      return { tone: 'ok', text: `Declined: ${outcome.message} The session stays open.` };
    case 'challenge':
      return {
        tone: 'ok',
        text: 'The bank asks for 3D Secure. Answer it here or on the hosted page.',
      };
    case 'invalid':
      return { tone: 'bad', text: `The hosted page refuses this: ${outcome.message}` };
    case 'no_challenge':
      return { tone: 'bad', text: 'No 3D Secure question is waiting.' };
    case 'closed':
    case 'unknown_session':
      return CLOSED;
  }
}
