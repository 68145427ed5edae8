import type { PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { redirectResponse } from '../layout';
import { actOnSession } from './act-on-session';
import { keepFlash, type ActResult } from './flash';
import { actOnClock } from './panel-clocks';
import { actOnFaults } from './panel-faults';
import { actOnDispute, actOnPayment, actOnRefund } from './panel-money-back';

type Actor = (
  sandbox: Sandbox,
  id: string,
  act: string,
  form: URLSearchParams,
) => ActResult | undefined | Promise<ActResult | undefined>;

const ACTORS: Record<string, Actor> = {
  sessions: actOnSession,
  payments: actOnPayment,
  refunds: actOnRefund,
  disputes: actOnDispute,
  clocks: actOnClock,
  faults: actOnFaults,
  events: actOnEvent,
};

function actOnEvent({ events }: Pick<Sandbox, 'events'>, id: string, act: string): ActResult | undefined {
  if (act !== 'resend') return undefined;
  const outcome = events.resend(id);
  switch (outcome.outcome) {
    case 'queued':
      return outcome.deliveries > 0
        ? { tone: 'ok', text: 'The event is being sent again.' }
        : { tone: 'bad', text: 'No enabled endpoint takes this event, so nothing was sent.' };
    case 'unknown_event':
      return undefined;
  }
}

/** Does what a button of the panel asks, then leads back to the page it stands on. */
export async function handleAct(sandbox: Sandbox, req: PageRequest): Promise<PageResponse | undefined> {
  const [, tab = '', id = '', act = ''] = /^\/panel\/([a-z]+)\/([\w-]+)\/([a-z]+)$/.exec(req.path) ?? [];
  const result = await ACTORS[tab]?.(sandbox, id, act, req.form);
  if (!result) return undefined;
  const to = result.to ?? `/panel/${tab}/${id}`;
  return redirectResponse(`${to}?notice=${keepFlash(result)}`);
}
