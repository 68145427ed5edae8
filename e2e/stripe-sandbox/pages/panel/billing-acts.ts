import type { Sandbox } from '../../sandbox';
import type { BillingAct, BillingDesk, InvoiceRow, SubscriptionRow } from '../../sandbox-subscriptions';
import { formatAmount } from '../../amounts';
import { html, type Fragment } from '../html';
import type { ActResult } from './flash';
import { actBar, actForm, fieldsForm, type ActForm } from './form-token';

const ENDED = new Set(['canceled', 'incomplete_expired']);
const RUNNING = new Set(['active', 'past_due', 'trialing', 'unpaid']);

/** The buttons of a subscription in a list; on a test clock only the clock's advance renews. */
export function subscriptionActs(subscription: SubscriptionRow): ActForm[] {
  const { cancelAt, id, isHeld, status, testClock } = subscription;
  const path = `/panel/subscriptions/${id}`;
  if (ENDED.has(status)) return [];
  const isStopped = cancelAt !== null || isHeld || status === 'paused';
  const acts: Array<ActForm | false> = [
    testClock === null &&
      RUNNING.has(status) && {
        action: `${path}/renew`,
        label: status === 'trialing' ? 'End the trial now' : 'Renew now',
      },
    isStopped && { action: `${path}/resume`, label: 'Resume' },
    !isHeld && status !== 'paused' && { action: `${path}/pause`, label: 'Pause collection' },
    cancelAt === null && { action: `${path}/end`, label: 'Cancel at period end' },
    { action: `${path}/cancel`, label: 'Cancel now', tone: 'danger' },
  ];
  return acts.filter((act) => act !== false);
}

/** The buttons at the head of a subscription's page. */
export function subscriptionBar(desk: BillingDesk, subscription: SubscriptionRow): Fragment {
  if (ENDED.has(subscription.status)) return null;
  const back = `/panel/objects/${subscription.id}`;
  const plans = desk.plansFor(subscription.id);
  const plan = fieldsForm({
    action: `/panel/subscriptions/${subscription.id}/plan`,
    label: 'Change plan',
    back,
    content: html`<select name="price" aria-label="Plan">
      ${plans.map(({ amount, currency, id, interval, name }) => html`<option value="${id}">${name}, ${formatAmount(amount, currency)} a ${interval}</option>`)}
    </select>`,
  });
  return actBar(
    'this subscription',
    html`${plans.length > 0 && plan} ${subscriptionActs(subscription).map((act) => actForm({ ...act, back }))}
    ${
      subscription.testClock !== null &&
      html`<a class="secondary small" href="/panel/clocks/${subscription.testClock}">Advance its clock</a>`
    }`,
  );
}

/** The buttons of an invoice. */
export function invoiceActs({ amountDue, id, nextAt, status, testClock }: InvoiceRow): ActForm[] {
  const path = `/panel/invoices/${id}`;
  const pay: ActForm = { action: `${path}/pay`, label: 'Pay', tone: 'primary' };
  const fail: ActForm = { action: `${path}/fail`, label: 'Let it fail' };
  const discard: ActForm = { action: `${path}/void`, label: 'Void', tone: 'danger' };
  const collect: ActForm[] =
    nextAt !== null && testClock === null ? [{ action: `${path}/collect`, label: 'Collect now' }] : [];
  switch (status) {
    case 'draft':
      return [
        { action: `${path}/finalize`, label: 'Finalize' },
        pay,
        ...(amountDue > 0 ? [fail] : []),
        ...collect,
      ];
    case 'open':
      return [pay, fail, ...collect, { action: `${path}/forgive`, label: 'Mark uncollectible' }, discard];
    case 'uncollectible':
      return [pay, discard];
    case 'paid':
    case 'void':
    default:
      return [];
  }
}

/** The buttons at the head of an invoice's page. */
export function invoiceBar(invoice: InvoiceRow): Fragment {
  const back = `/panel/objects/${invoice.id}`;
  return actBar(
    'this invoice',
    invoiceActs(invoice).map((act) => actForm({ ...act, back })),
  );
}

/** What a button of a subscription asks; undefined: there is no such subscription or act. */
export function actOnSubscription(
  { billing }: Pick<Sandbox, 'billing'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  switch (act) {
    case 'renew':
      return told(billing.renewNow(id), 'The next period has begun; its invoice is a draft for an hour.');
    case 'resume':
      return told(billing.resume(id), 'The subscription goes on.');
    case 'pause':
      return told(billing.pause(id), 'Its invoices stay drafts until it is resumed.');
    case 'end':
      return told(billing.cancelAtPeriodEnd(id), 'It ends with the present period.');
    case 'cancel':
      return told(billing.cancelNow(id), 'The subscription is canceled.');
    case 'plan':
      return told(billing.changePlan(id, form.get('price') ?? ''), 'The plan is changed, with prorations.');
    default:
      return undefined;
  }
}

/** What a button of an invoice asks; undefined: there is no such invoice or act. */
export function actOnInvoice(
  { billing }: Pick<Sandbox, 'billing'>,
  id: string,
  act: string,
): ActResult | undefined {
  switch (act) {
    case 'finalize':
      return told(billing.finalizeInvoice(id), 'The invoice is final.');
    case 'pay':
      return told(billing.payInvoice(id), 'The invoice is paid, or its bank has been asked.');
    case 'fail': {
      const failed = billing.failInvoice(id);
      return failed.outcome === 'declined'
        ? { tone: 'ok', text: `It failed: ${failed.message}` }
        : told(failed, 'It did not fail.');
    }
    case 'collect':
      return told(billing.collectInvoice(id), 'What it waited for has happened.');
    case 'forgive':
      return told(billing.markUncollectible(id), 'Nobody asks for it any more.');
    case 'void':
      return told(billing.voidInvoice(id), 'The invoice is void.');
    default:
      return undefined;
  }
}

function told(outcome: BillingAct, done: string): ActResult | undefined {
  switch (outcome.outcome) {
    case 'done':
      return { tone: 'ok', text: done };
    case 'refused':
      return { tone: 'bad', text: outcome.message };
    case 'declined':
      return { tone: 'bad', text: `Declined: ${outcome.message}` };
    case 'challenge':
      return {
        tone: 'bad',
        text: 'The bank asks for 3D Secure: answer it on the page of the payment.',
        to: `/panel/payments/${outcome.intentId}`,
      };
    case 'unknown':
      return undefined;
  }
}
