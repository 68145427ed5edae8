import type Stripe from 'stripe';
import { judgeChange } from '../engine/clocks/judge-advance';
import { updateCustomer } from '../engine/customers';
import { judgeCard, type CardParam } from '../engine/judge-card';
import { detachMethod } from '../engine/payment-methods';
import {
  addCard,
  answerCardChallenge,
  chooseMethod,
  isNeeded,
  type CardAdded,
} from '../engine/portal/portal-methods';
import {
  cancelInPortal,
  changePlanInPortal,
  mayHaveQuantity,
  resumeInPortal,
} from '../engine/portal/portal-plans';
import { visitSession } from '../engine/portal/portal-sessions';
import { idIn, type World } from '../engine/world';
import type {
  PortalAct,
  PortalCardAct,
  PortalCardInput,
  PortalChangeInput,
  PortalCustomerInput,
  PortalDesk,
  PortalView,
} from '../sandbox-billing';
import { portalView, type OpenPortal } from './portal-view';

const DONE = { outcome: 'done' } as const;
const refused = (message: string) => ({ outcome: 'refused' as const, message });

/** An open session with what its page shows. */
interface Visit extends OpenPortal {
  view: PortalView;
}

/** What a visitor of the portal's page can do. */
export function portalDesk(world: World): PortalDesk {
  /** The act and its journal line are done before anyone hears of the outcome. */
  function act<T extends PortalAct | PortalCardAct>(token: string, run: (visit: Visit) => T) {
    const found = visitSession(world, token);
    const outcome = found.outcome === 'open' ? whenIdle(found, run) : { outcome: found.outcome };
    world.store.save();
    return Promise.resolve(outcome);
  }
  function whenIdle<T>(open: OpenPortal, run: (visit: Visit) => T): T | PortalAct {
    const judged = judgeChange(world, open.customer.test_clock);
    if (judged.outcome !== 'may') return refused(judged.message);
    return run({ ...open, view: portalView(world, open) });
  }
  return {
    view(token) {
      const found = visitSession(world, token);
      world.store.save();
      return found.outcome === 'open' ? { outcome: 'open', view: portalView(world, found) } : found;
    },
    cancel: (token, input) =>
      act(token, (visit) => {
        const row = visit.view.subscriptions.find(({ id }) => id === input.subscription);
        if (!row?.canCancel) return refused('This subscription cannot be canceled.');
        const subscription = world.store.subscriptions.must(row.id);
        cancelInPortal(world, visit.configuration, subscription, input);
        return DONE;
      }),
    resume: (token, subscription) =>
      act(token, ({ view }) => {
        const row = view.subscriptions.find(({ id }) => id === subscription);
        if (!row?.canResume) return refused('This subscription is not set to be canceled.');
        resumeInPortal(world, world.store.subscriptions.must(row.id));
        return DONE;
      }),
    changePlan: (token, input) => act(token, (visit) => changePlan(world, visit, input)),
    setDefaultMethod: (token, method) =>
      act(token, ({ customer, view }) => {
        if (!view.allows.methods || !view.methods.some(({ id }) => id === method)) {
          return refused('This payment method cannot be chosen.');
        }
        chooseMethod(world, customer, method);
        return DONE;
      }),
    addCard: (token, input) => act(token, (visit) => addTypedCard(world, visit, input)),
    answerChallenge: (token, setupIntent, answer) =>
      act(token, ({ customer }) => {
        const answered = answerCardChallenge(world, customer, setupIntent, answer === 'complete');
        return answered ? cardAct(answered) : refused('This question was not asked.');
      }),
    removeMethod: (token, method) =>
      act(token, ({ customer, view }) => {
        if (!view.allows.methods || !view.methods.some(({ id }) => id === method)) {
          return refused('This payment method cannot be removed.');
        }
        if (isNeeded(world, customer, method))
          return refused('A subscription is paid with this payment method.');
        detachMethod(world, world.byItself, world.store.paymentMethods.must(method), customer);
        return DONE;
      }),
    updateCustomer: (token, input) => act(token, (visit) => updateTyped(world, visit, input)),
  };
}

function changePlan(
  world: World,
  { configuration, session, view }: Visit,
  { price: priceId, quantity, subscription: subscriptionId }: PortalChangeInput,
): PortalAct {
  const row = view.subscriptions.find(({ id }) => id === subscriptionId);
  if (!row || row.cancelAt !== null || !view.allows.changePlan) {
    return refused('This subscription cannot be updated.');
  }
  const choice = row.choices.find(({ price }) => price.id === priceId);
  const price = choice?.price ?? (priceId === row.price.id ? row.price : undefined);
  if (!price) return refused('This subscription cannot be updated to that price.');
  const confirmed = session.flow?.subscription_update_confirm?.items[0];
  const isConfirmed = confirmed?.price === priceId && confirmed.quantity === quantity;
  if (quantity !== row.quantity && !isConfirmed && !mayHaveQuantity(configuration, priceId, quantity)) {
    return refused('This subscription cannot have that quantity.');
  }
  if (price.id === row.price.id && quantity === row.quantity) return refused('Nothing would change.');
  const before = world.store.subscriptions.must(row.id);
  const after = changePlanInPortal(world, configuration, before, { price, quantity });
  const invoice = world.store.invoices.get(idIn(after.latest_invoice) ?? '');
  const isUnpaid = invoice?.id !== idIn(before.latest_invoice) && invoice?.status === 'open';
  return isUnpaid && invoice.attempted
    ? { outcome: 'declined', message: 'Your plan is changed, but your card was declined.' }
    : DONE;
}

const FIELD_OF: Record<CardParam, keyof PortalCardInput> = {
  number: 'number',
  exp_month: 'expMonth',
  exp_year: 'expYear',
  cvc: 'cvc',
};

function addTypedCard(world: World, { customer, view }: Visit, input: PortalCardInput): PortalCardAct {
  if (!view.allows.methods) return refused('Payment methods cannot be added.');
  const judged = judgeCard(world, input);
  if (judged.outcome === 'invalid') {
    return { outcome: 'invalid', field: FIELD_OF[judged.param], message: judged.message };
  }
  if (judged.outcome === 'refused') return { outcome: 'declined', message: judged.refusal.message };
  const address: Stripe.Address = {
    city: null,
    country: input.country.trim() || null,
    line1: null,
    line2: null,
    postal_code: input.postalCode.trim() || null,
    state: null,
  };
  const name = input.name.trim() || (customer.name ?? null);
  const details = { address, email: customer.email, name, phone: null, tax_id: null };
  return cardAct(addCard(world, customer, judged, details));
}

function cardAct(added: CardAdded): PortalCardAct {
  switch (added.outcome) {
    case 'added':
      return DONE;
    case 'declined':
      return { outcome: 'declined', message: added.refusal.message };
    case 'challenge':
      return added;
  }
}

function updateTyped(world: World, { customer, view }: Visit, input: PortalCustomerInput): PortalAct {
  const allowed = new Set<string>(view.allows.updates);
  if (Object.keys(input).some((name) => !allowed.has(name))) {
    return refused('These details cannot be changed here.');
  }
  const { address, email, name, phone } = input;
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email.trim())) {
    return refused('Your email is invalid.');
  }
  updateCustomer(world, world.byItself, {
    ...customer,
    ...(address && { address }),
    ...(email !== undefined && { email: email.trim() }),
    ...(name !== undefined && { name: name.trim() || null }),
    ...(phone !== undefined && { phone: phone.trim() || null }),
  });
  return DONE;
}
