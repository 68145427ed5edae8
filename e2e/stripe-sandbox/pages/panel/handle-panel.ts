import type { PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { html } from '../html';
import { isOwnForm } from './form-token';
import { handleAct } from './panel-acts';
import { clocksView } from './panel-clocks';
import { deliveriesView } from './panel-deliveries';
import { eventsView, eventView } from './panel-events';
import { emptyState, panelResponse, type PanelView } from './panel-layout';
import { mailListView, mailView } from './panel-mail';
import { faultsView } from './panel-faults';
import { moneyBackView } from './panel-money-back';
import { objectKindsView, objectsView } from './panel-objects';
import { paymentsView, paymentView } from './panel-payments';
import { handleSearch } from './panel-search';
import { sessionView } from './panel-session';
import { sessionsView } from './panel-sessions';

const FOREIGN_FORM: PanelView = {
  tab: 'sessions',
  title: 'Refused',
  content: html`<h1>Refused</h1>
    ${emptyState(
      'This form did not come from this panel',
      'The sandbox was restarted meanwhile, or another site sent it. Go back, reload the page and try again.',
    )}`,
  status: 403,
  live: false,
};

function findView(sandbox: Sandbox, req: PageRequest): PanelView | undefined {
  const match = /^\/panel(?:\/([a-z]+)(?:\/([\w-]+))?)?\/?$/.exec(req.path);
  if (!match) return undefined;
  const [, tab = 'sessions', id] = match;
  switch (tab) {
    case 'sessions':
      return id === undefined ? sessionsView(sandbox, req) : sessionView(sandbox, id);
    case 'payments':
      return id === undefined ? paymentsView(sandbox, req) : paymentView(sandbox, id);
    case 'events':
      return id === undefined ? eventsView(sandbox, req) : eventView(sandbox, id);
    case 'deliveries':
      return id === undefined ? deliveriesView(sandbox, req) : undefined;
    case 'clocks':
      return id === undefined ? clocksView(sandbox) : undefined;
    case 'moneyback':
      return id === undefined ? moneyBackView(sandbox) : undefined;
    case 'faults':
      return id === undefined ? faultsView(sandbox, req) : undefined;
    case 'objects':
      return id === undefined ? objectKindsView(sandbox) : objectsView(sandbox, req, id);
    case 'mail':
      return id === undefined ? mailListView(sandbox) : mailView(sandbox, id);
    default:
      return undefined;
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
    return isOwnForm(req.form) ? handleAct(sandbox, req) : panelResponse(sandbox, req, FOREIGN_FORM);
  }
  if (req.path === '/panel/search') return handleSearch(sandbox, req);
  if (req.path === '/panel/faults/run.json') return savedRun(sandbox);
  const view = findView(sandbox, req);
  return view && panelResponse(sandbox, req, view);
}
