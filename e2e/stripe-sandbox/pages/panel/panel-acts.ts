import type { PageRequest, PageResponse, PayOutcome, Sandbox } from '../../sandbox';
import { EMPTY_VALUES, toPayInput } from '../checkout/form-values';
import { fillIn, findInstrument } from '../checkout/instruments';
import { redirectResponse } from '../layout';

const NOTICE_OF: Record<PayOutcome['outcome'], string> = {
  paid: 'paid',
  declined: 'declined',
  challenge: 'challenge',
  invalid: 'invalid',
  closed: 'closed',
  no_challenge: 'unanswered',
  unknown_session: 'closed',
};

async function actOnSession(
  sandbox: Sandbox,
  sessionId: string,
  act: string,
  form: URLSearchParams,
): Promise<string | undefined> {
  const view = sandbox.checkout.find(sessionId);
  if (!view) return undefined;
  switch (act) {
    case 'pay': {
      const instrument = findInstrument(form.get('card') ?? '');
      if (!instrument) return 'invalid';
      const values = fillIn({ ...EMPTY_VALUES, email: view.customerEmail ?? '' }, instrument);
      const input = { ...toPayInput(values), acceptsTerms: true };
      return NOTICE_OF[(await sandbox.checkout.pay(sessionId, input)).outcome];
    }
    case 'challenge': {
      const answer = form.get('answer') === 'complete' ? 'complete' : 'fail';
      return NOTICE_OF[(await sandbox.checkout.answerChallenge(sessionId, answer)).outcome];
    }
    case 'expire':
      return sandbox.checkout.expire(sessionId).outcome === 'expired' ? 'expired' : 'closed';
    default:
      return undefined;
  }
}

function resend(sandbox: Sandbox, eventId: string): string | undefined {
  const outcome = sandbox.events.resend(eventId);
  switch (outcome.outcome) {
    case 'queued':
      return outcome.deliveries > 0 ? 'resent' : 'unsent';
    case 'unknown_event':
      return undefined;
  }
}

/** Does what a button of the panel asks, then leads back to the page it stands on. */
export async function handleAct(sandbox: Sandbox, req: PageRequest): Promise<PageResponse | undefined> {
  const [, tab, id = '', act = ''] = /^\/panel\/(sessions|events)\/([\w-]+)\/([a-z]+)$/.exec(req.path) ?? [];
  let notice: string | undefined;
  if (tab === 'sessions') notice = await actOnSession(sandbox, id, act, req.form);
  if (tab === 'events' && act === 'resend') notice = resend(sandbox, id);
  return notice === undefined ? undefined : redirectResponse(`/panel/${tab}/${id}?notice=${notice}`);
}
