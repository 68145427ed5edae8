import type { PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { html } from '../html';
import { isOwnForm } from './form-token';
import { handleAct } from './panel-acts';
import { billingView } from './panel-billing';
import { clocksView, clockView } from './panel-clocks';
import { deliveriesView } from './panel-deliveries';
import { deliveryView } from './panel-delivery';
import { endpointsView, endpointView } from './panel-endpoints';
import { eventsView, eventView } from './panel-events';
import { faultsView } from './panel-faults';
import { emptyState, notFound, panelResponse, type PanelView } from './panel-layout';
import { mailListView, mailView } from './panel-mail';
import { moneyBackView } from './panel-money-back';
import { objectKindsView, objectsView } from './panel-objects';
import { paymentsView, paymentView } from './panel-payments';
import { requestsView, requestView } from './panel-requests';
import { handleSearch } from './panel-search';
import { sessionView } from './panel-session';
import { sessionsView } from './panel-sessions';
import { staleForm } from './stale-form';

interface Room {
  list(sandbox: Sandbox, req: PageRequest): PanelView;
  /** Rooms without it have no pages for single things. */
  one?(sandbox: Sandbox, id: string, req: PageRequest): PanelView;
}

const ROOMS: Partial<Record<string, Room>> = {
  sessions: { list: sessionsView, one: sessionView },
  payments: { list: paymentsView, one: paymentView },
  moneyback: { list: moneyBackView },
  billing: { list: billingView },
  clocks: { list: (sandbox) => clocksView(sandbox), one: clockView },
  events: { list: eventsView, one: eventView },
  deliveries: { list: deliveriesView, one: deliveryView },
  endpoints: { list: endpointsView, one: endpointView },
  requests: { list: requestsView, one: requestView },
  faults: { list: faultsView },
  objects: { list: objectKindsView, one: (sandbox, id, req) => objectsView(sandbox, req, id) },
  mail: { list: mailListView, one: mailView },
};

function findView(sandbox: Sandbox, req: PageRequest): PanelView {
  const [, tab = 'sessions', id] = /^\/panel(?:\/([a-z]+)(?:\/([\w-]+))?)?\/?$/.exec(req.path) ?? [];
  const room = ROOMS[/^\/panel(?:\/[\w-]+){0,2}\/?$/.test(req.path) ? tab : ''];
  if (!room) return notFound('sessions', 'page', 'The rail leads to every page that there is.');
  if (id === undefined) return room.list(sandbox, req);
  return room.one?.(sandbox, id, req) ?? notFound('objects', 'page');
}

/** A page that cannot be made says so in its place: the rest of the panel goes on. */
function viewOrFailure(sandbox: Sandbox, req: PageRequest): PanelView {
  try {
    return findView(sandbox, req);
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`sandbox: ${req.path} failed: ${told}\n`);
    const message = error instanceof Error ? error.message : String(error);
    const content = html`<h1>This page failed</h1>
      ${emptyState('The sandbox could not make this page', `It is a fault of the sandbox: ${message}`)}`;
    return { tab: 'sessions', title: 'This page failed', content, status: 500, live: false };
  }
}

/** Without secrets and addresses, so that it may be sent to a colleague. */
function savedRun({ chaos }: Sandbox): PageResponse {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': 'attachment; filename="stripe-sandbox-run.json"',
  };
  return { status: 200, headers, body: JSON.stringify(chaos.exportRun(true), null, 2) };
}

export async function handlePanel(sandbox: Sandbox, req: PageRequest): Promise<PageResponse | undefined> {
  if (req.method === 'POST') {
    if (!isOwnForm(req.form)) return panelResponse(sandbox, req, staleForm(req));
    return handleAct(sandbox, req);
  }
  if (req.path === '/panel/search') return handleSearch(sandbox, req);
  if (req.path === '/panel/faults/run.json') return savedRun(sandbox);
  return panelResponse(sandbox, req, viewOrFailure(sandbox, req));
}
