import type { PageRequest, PageResponse } from '../../sandbox';
import type { PortalDesk, PortalSubscription, PortalView } from '../../sandbox-billing';
import { redirectResponse } from '../layout';
import { billingPage, readCustomer } from './portal-billing';
import { confirmedPage, expiredPortal, unknownPortal } from './portal-closed';
import { answered, type PortalRequest } from './portal-answer';
import { portalHome } from './portal-home';
import { actOnMethods, methodsPage } from './portal-method-acts';
import { cancelPage, confirmPage, plansPage, type PlanChange } from './portal-plan';
import { REASONS } from './portal-wording';

/** /p/session/:token and what stands below it. Every act is a form, so that the portal needs no scripts. */
export async function handlePortal(desk: PortalDesk, req: PageRequest): Promise<PageResponse | undefined> {
  const [, token, rest = ''] = /^\/p\/session\/([^/]+)(?:\/(.*))?$/.exec(req.path) ?? [];
  if (token === undefined) return undefined;
  const visit = desk.view(token);
  if (visit.outcome === 'unknown_session') return unknownPortal();
  if (visit.outcome === 'expired') return expiredPortal(visit.returnUrl);
  const path = `/p/session/${encodeURIComponent(token)}`;
  const [room = '', id = '', step = ''] = rest.split('/');
  const { query, form } = req;
  const request = { desk, token, visitor: { path, view: visit.view }, room, id, step, query, form };
  const page = req.method === 'POST' ? await act(request) : look(request);
  return page ?? redirectResponse(path);
}

/** undefined: there is no such page for this visitor. */
function look(request: PortalRequest): PageResponse | undefined {
  const { id, query, room, step, visitor } = request;
  const { view } = visitor;
  const subscription = view.subscriptions.find((one) => one.id === id);
  switch (room) {
    case '':
      return home(request);
    case 'done':
      return confirmedPage(
        view,
        view.session.flow?.after_completion.hosted_confirmation?.custom_message ?? null,
      );
    case 'cancel':
      return subscription?.canCancel ? cancelPage(visitor, subscription, null) : undefined;
    case 'plans': {
      if (!subscription || view.allows.changePlan === null) return undefined;
      if (step !== 'confirm') return plansPage(visitor, subscription, null);
      return confirmation(request, subscription, query);
    }
    case 'methods':
      return methodsPage(request);
    case 'billing':
      return view.allows.updates.length > 0 ? billingPage(visitor, null, null) : undefined;
    default:
      return undefined;
  }
}

/** A session made for one act opens on it. */
function home({ query, visitor }: PortalRequest): PageResponse {
  const notice = query.get('notice');
  const flow = visitor.view.session.flow;
  const target = flow && notice === null ? flowPath(flow, visitor.view) : null;
  if (target !== null) return redirectResponse(`${visitor.path}/${target}`);
  return portalHome(visitor, { notice, problem: null });
}

type Flow = NonNullable<PortalView['session']['flow']>;

/** null: the act is not possible any more, so the visitor sees the portal itself. */
function flowPath(flow: Flow, view: PortalView): string | null {
  const find = (id: string | undefined) => view.subscriptions.find((one) => one.id === id);
  switch (flow.type) {
    case 'payment_method_update':
      return view.allows.methods ? 'methods/new' : null;
    case 'subscription_cancel': {
      const subscription = find(flow.subscription_cancel?.subscription);
      return subscription?.canCancel ? `cancel/${subscription.id}` : null;
    }
    case 'subscription_update': {
      const subscription = find(flow.subscription_update?.subscription);
      return subscription ? `plans/${subscription.id}` : null;
    }
    case 'subscription_update_confirm': {
      const subscription = find(flow.subscription_update_confirm?.subscription);
      const [item] = flow.subscription_update_confirm?.items ?? [];
      if (!subscription || !item) return null;
      const wanted = new URLSearchParams({
        price: item.price ?? subscription.price.id,
        quantity: String(item.quantity ?? subscription.quantity),
      });
      return `plans/${subscription.id}/confirm?${wanted.toString()}`;
    }
    case 'customer_update':
      return view.allows.updates.length > 0 ? 'billing' : null;
    case 'subscription_pause':
    default:
      return null;
  }
}

/** The plan and quantity that a form names; a quantity that is none stays as it is. */
function changeIn(subscription: PortalSubscription, form: URLSearchParams): PlanChange | undefined {
  const price = form.get('price');
  const asked = Number(form.get('quantity') ?? subscription.quantity);
  const quantity = Number.isInteger(asked) && asked > 0 ? asked : subscription.quantity;
  const current = { price: subscription.price, productName: subscription.name };
  const choice = subscription.choices.find((one) => one.price.id === price);
  if (choice) return { choice, quantity };
  return price === subscription.price.id ? { choice: current, quantity } : undefined;
}

function confirmation(
  { visitor }: PortalRequest,
  subscription: PortalSubscription,
  query: URLSearchParams,
): PageResponse {
  const change = changeIn(subscription, query);
  if (!change) return plansPage(visitor, subscription, 'Choose a plan.');
  if (change.choice.price.id === subscription.price.id && change.quantity === subscription.quantity) {
    return plansPage(visitor, subscription, 'That is what you have already. Choose another plan.');
  }
  return confirmPage(visitor, subscription, change, null);
}

async function act(request: PortalRequest): Promise<PageResponse | undefined> {
  const { desk, form, id, room, token, visitor } = request;
  const { view } = visitor;
  const subscription = view.subscriptions.find((one) => one.id === id);
  switch (room) {
    case 'cancel': {
      if (!subscription) return undefined;
      const done = await desk.cancel(token, { subscription: id, ...reasonIn(form) });
      const notice = view.allows.cancel?.mode === 'immediately' ? 'canceled' : 'canceling';
      return answered(request, done, notice, (problem) => cancelPage(visitor, subscription, problem));
    }
    case 'resume':
      return answered(request, await desk.resume(token, id), 'resumed');
    case 'plans': {
      const change = subscription && changeIn(subscription, form);
      if (!change) return undefined;
      const { choice, quantity } = change;
      const done = await desk.changePlan(token, { subscription: id, price: choice.price.id, quantity });
      return answered(request, done, 'changed', (problem) =>
        confirmPage(visitor, subscription, change, problem),
      );
    }
    case 'methods':
      return actOnMethods(request);
    case 'billing': {
      const done = await desk.updateCustomer(token, readCustomer(view, form));
      return answered(request, done, 'updated', (problem) => billingPage(visitor, form, problem));
    }
    default:
      return undefined;
  }
}

function reasonIn(form: URLSearchParams) {
  const wanted = form.get('feedback');
  const feedback = keysOf(REASONS).find((reason) => reason === wanted) ?? null;
  return { feedback, comment: form.get('comment')?.trim() || null };
}

function keysOf<K extends string>(record: Record<K, unknown>): K[] {
  const keys: K[] = [];
  for (const key in record) keys.push(key);
  return keys;
}
