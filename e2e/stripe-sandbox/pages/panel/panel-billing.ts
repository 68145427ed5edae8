import type { PageRequest, Sandbox } from '../../sandbox';
import type { InvoiceRow, SubscriptionRow } from '../../sandbox-subscriptions';
import { formatAmount } from '../../amounts';
import { html, safeHref, type Fragment, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { objectBadge } from './badges';
import { invoiceActs, subscriptionActs } from './billing-acts';
import type { Fact } from './facts';
import { filterLinks, listHead } from './filters';
import { actMenu } from './form-token';
import { idLink } from './ids';
import { listTable } from './list-table';
import { currentAddress, emptyState, pageQuery, pager, type PanelView } from './panel-layout';

const PATH = '/panel/billing';
/** undefined: in any state. */
interface Choice<S> {
  readonly value: string | null;
  readonly label: string;
  readonly states: readonly S[] | undefined;
}

const SUBSCRIPTION_STATES: ReadonlyArray<Choice<SubscriptionRow['status']>> = [
  { value: null, label: 'All', states: undefined },
  { value: 'active', label: 'Active', states: ['active'] },
  { value: 'trialing', label: 'Trialing', states: ['trialing'] },
  { value: 'late', label: 'Past due', states: ['past_due', 'unpaid', 'incomplete'] },
  { value: 'ended', label: 'Ended', states: ['canceled', 'incomplete_expired', 'paused'] },
];
const INVOICE_STATES: ReadonlyArray<Choice<InvoiceRow['status']>> = [
  { value: null, label: 'Open', states: ['draft', 'open', 'uncollectible'] },
  { value: 'paid', label: 'Paid', states: ['paid'] },
  { value: 'void', label: 'Void', states: ['void'] },
  { value: 'all', label: 'All', states: undefined },
];

function statesOf<S>(choices: ReadonlyArray<Choice<S>>, value: string | null): readonly S[] | undefined {
  const chosen = choices.find((choice) => choice.value === (value || null)) ?? choices[0];
  return chosen?.states;
}

const link = (id: string | null): Fragment => id !== null && idLink(id);

/** What comes next for a subscription, in a few words. */
function outlook({ cancelAt, isHeld, periodEnd, status, trialEnd }: SubscriptionRow): Fragment {
  if (status === 'canceled' || status === 'incomplete_expired') return 'ended';
  if (isHeld) return 'collection paused';
  if (cancelAt !== null) return html`ends ${timeTag(cancelAt)}`;
  if (status === 'trialing' && trialEnd !== null) return html`trial ends ${timeTag(trialEnd)}`;
  return html`renews ${timeTag(periodEnd)}`;
}

/** On the page of the subscription itself. */
export function subscriptionFacts(one: SubscriptionRow): Fact[] {
  return [
    ['Next', outlook(one)],
    ['Period', html`${exactTime(one.periodStart)} to ${exactTime(one.periodEnd)}`],
  ];
}

/** On the page of the invoice itself. */
export function invoiceFacts(one: InvoiceRow): Fact[] {
  const url = safeHref(one.url);
  return [
    ['Due', formatAmount(one.amountDue, one.currency)],
    ['Paid', formatAmount(one.amountPaid, one.currency)],
    ['Why', one.reason?.replaceAll('_', ' ')],
    ['Attempts', one.attempts],
    ['Next try', one.nextAt !== null && exactTime(one.nextAt)],
    ['Subscription', link(one.subscription)],
    ['Payment', link(one.paymentIntentId)],
    ['Page', url && html`<a href="${url}" target="_blank" rel="noopener">Hosted invoice page</a>`],
  ];
}

function subscriptionTable(rows: readonly SubscriptionRow[], back: string): Markup {
  return listTable(
    [
      { label: 'Subscription', kind: 'name' },
      { label: 'State' },
      { label: 'Customer', kind: 'grow' },
      { label: 'Next' },
      { label: 'Latest invoice', kind: 'wide' },
      { label: 'Clock', kind: 'wide' },
      { label: 'Created', kind: 'wide' },
      { label: 'Acts', kind: 'acts' },
    ],
    rows.map((one) => {
      const amount = formatAmount(one.amount, one.currency);
      return {
        key: one.id,
        cells: [
          html`<a href="/panel/objects/${one.id}">${amount}</a> <span class="muted">${one.name}</span>`,
          objectBadge(one.status),
          html`<a href="/panel/objects/${one.customer}">${one.email ?? one.customer}</a>`,
          outlook(one),
          link(one.latestInvoice),
          link(one.testClock),
          timeTag(one.created),
          actMenu(`${one.name}, ${one.id}`, subscriptionActs(one), back),
        ],
      };
    }),
  );
}

function invoiceTable(rows: readonly InvoiceRow[], back: string): Markup {
  return listTable(
    [
      { label: 'Invoice', kind: 'name' },
      { label: 'State' },
      { label: 'Customer', kind: 'grow' },
      { label: 'Waits' },
      { label: 'Subscription', kind: 'wide' },
      { label: 'Payment', kind: 'wide' },
      { label: 'Page', kind: 'wide' },
      { label: 'Created', kind: 'age' },
      { label: 'Acts', kind: 'acts' },
    ],
    rows.map((one) => {
      const total = formatAmount(one.total, one.currency);
      const url = safeHref(one.url);
      return {
        key: one.id,
        cells: [
          html`<a href="/panel/objects/${one.id}">${total}</a> <span class="muted">${one.number}</span>`,
          objectBadge(one.status),
          html`<a href="/panel/objects/${one.customer}">${one.email ?? one.customer}</a>`,
          one.nextAt !== null && html`next ${timeTag(one.nextAt)}`,
          link(one.subscription),
          link(one.paymentIntentId),
          url && html`<a href="${url}" target="_blank" rel="noopener">Hosted page</a>`,
          timeTag(one.created),
          actMenu(`the invoice of ${total}, ${one.id}`, invoiceActs(one), back),
        ],
      };
    }),
  );
}

/** Subscriptions and invoices, each with what can be done to it. */
export function billingView(
  { billing }: Pick<Sandbox, 'billing'>,
  { query }: Pick<PageRequest, 'query'>,
): PanelView {
  const subscribed = statesOf(SUBSCRIPTION_STATES, query.get('state'));
  const invoiced = statesOf(INVOICE_STATES, query.get('invoices'));
  const subscriptions = billing.subscriptions.list({
    ...pageQuery(query, 'after'),
    ...(subscribed && { status: subscribed }),
  });
  const invoices = billing.invoices.list({
    ...pageQuery(query, 'since'),
    ...(invoiced && { status: invoiced }),
  });
  const list = { path: PATH, query };
  const back = currentAddress(PATH, query);
  const content = html`${listHead(
      'Subscriptions',
      filterLinks({ ...list, name: 'state', label: 'State', choices: SUBSCRIPTION_STATES }),
    )}
    ${
      subscriptions.rows.length === 0
        ? emptyState(
            'No subscriptions here',
            'A Checkout Session in subscription mode or the API makes one; on a test clock it lives through months in seconds.',
          )
        : subscriptionTable(subscriptions.rows, back)
    }
    ${pager(PATH, query, subscriptions.nextCursor, 'after')}
    <div class="title-row section">
      <h2>Invoices</h2>
      <div class="tools">
        ${filterLinks({ ...list, name: 'invoices', label: 'State of the invoices', choices: INVOICE_STATES })}
      </div>
    </div>
    ${
      invoices.rows.length === 0
        ? emptyState('No invoices here', 'Drafts, open and uncollectible invoices stand under Open.')
        : invoiceTable(invoices.rows, back)
    }
    ${pager(PATH, query, invoices.nextCursor, 'since')}`;
  return { tab: 'billing', title: 'Billing', content };
}
