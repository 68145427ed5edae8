import type { PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { redirectResponse } from '../layout';
import { actOnSession } from './act-on-session';
import { actOnInvoice, actOnSubscription } from './billing-acts';
import { actOnClock } from './clock-acts';
import { actOnDelivery, actOnEvent } from './delivery-acts';
import { actOnEndpoint } from './endpoint-acts';
import { keepFlash, type ActResult } from './flash';
import { actOnDispute, actOnRefund } from './money-back-acts';
import { actOnFaults } from './panel-faults';
import { notFound, panelResponse, type TabKey } from './panel-layout';
import { actOnPayment } from './payment-acts';

type Act = (
  sandbox: Sandbox,
  id: string,
  act: string,
  form: URLSearchParams,
) => ActResult | undefined | Promise<ActResult | undefined>;

interface Actor {
  readonly act: Act;
  readonly tab: TabKey;
  /** What one of them is called. */
  readonly noun: string;
}

const ACTORS: Partial<Record<string, Actor>> = {
  sessions: { act: actOnSession, tab: 'sessions', noun: 'session' },
  payments: { act: actOnPayment, tab: 'payments', noun: 'payment' },
  refunds: { act: actOnRefund, tab: 'moneyback', noun: 'refund' },
  disputes: { act: actOnDispute, tab: 'moneyback', noun: 'dispute' },
  subscriptions: { act: actOnSubscription, tab: 'billing', noun: 'subscription' },
  invoices: { act: actOnInvoice, tab: 'billing', noun: 'invoice' },
  clocks: { act: actOnClock, tab: 'clocks', noun: 'clock' },
  endpoints: { act: actOnEndpoint, tab: 'endpoints', noun: 'endpoint' },
  deliveries: { act: actOnDelivery, tab: 'deliveries', noun: 'delivery' },
  events: { act: actOnEvent, tab: 'events', noun: 'event' },
  faults: { act: actOnFaults, tab: 'faults', noun: 'fault' },
};

interface NamedAct {
  readonly tab: string;
  readonly id: string;
  readonly act: string;
}

/** What a form's address names; undefined: it is no act of the panel. */
export function namedAct(path: string): NamedAct | undefined {
  const [, tab, id, act] = /^\/panel\/([a-z]+)\/([\w-]+)\/([a-z]+)$/.exec(path) ?? [];
  return tab === undefined || id === undefined || act === undefined ? undefined : { tab, id, act };
}

/** Does what a button of the panel asks, then leads back to the page it stands on. */
export async function handleAct(sandbox: Sandbox, req: PageRequest): Promise<PageResponse | undefined> {
  const named = namedAct(req.path);
  const actor = named && ACTORS[named.tab];
  if (!named || !actor) return undefined;
  const result = await actor.act(sandbox, named.id, named.act, req.form);
  if (!result) return panelResponse(sandbox, req, notFound(actor.tab, actor.noun));
  const to = new URL(result.to ?? wayBack(req.form) ?? ownPage(named), 'http://panel');
  to.searchParams.set('notice', keepFlash(result));
  return redirectResponse(`${to.pathname}${to.search}`);
}

/** Only pages of the panel: a form may not lead elsewhere. */
function wayBack(form: URLSearchParams): string | undefined {
  const back = form.get('back');
  return back !== null && /^\/panel\/[\w/?&=%.+-]+$/.test(back) ? back : undefined;
}

const OBJECTS = new Set(['refunds', 'disputes', 'subscriptions', 'invoices']);
const ownPage = ({ id, tab }: NamedAct): string =>
  OBJECTS.has(tab) ? `/panel/objects/${id}` : `/panel/${tab}/${id}`;
