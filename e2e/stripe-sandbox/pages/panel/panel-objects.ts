import type { ObjectDetail, ObjectRow, PageRequest, Sandbox } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { html, type Fragment, type Markup } from '../html';
import { timeTag } from '../times';
import { objectBadge } from './badges';
import { invoiceBar, subscriptionBar } from './billing-acts';
import { factList, type Fact } from './facts';
import { actBar, actForm, type ActForm } from './form-token';
import { idLink, idWithCopy } from './ids';
import { jsonView } from './json-view';
import { listTable } from './list-table';
import { disputeAnswers, refundActs } from './money-back-acts';
import { invoiceFacts, subscriptionFacts } from './panel-billing';
import { eventTable } from './panel-events';
import { emptyState, notFound, pageQuery, pager, type PanelView, type TabKey } from './panel-layout';

const spoken = (name: string): string => name.replaceAll(/[._]/g, ' ');

function titleOf(row: ObjectRow): string {
  return row.amount !== null && row.currency !== null
    ? formatAmount(row.amount, row.currency)
    : (row.title ?? spoken(row.objectType));
}

function objectTable(rows: readonly ObjectRow[]): Markup {
  return listTable(
    [
      { label: 'Object', kind: 'name' },
      { label: 'State' },
      { label: 'Kind', kind: 'grow' },
      { label: 'Customer', kind: 'wide' },
      { label: 'Id', kind: 'wide' },
      { label: 'Created', kind: 'age' },
    ],
    rows.map((row) => ({
      key: row.id,
      cells: [
        html`<a href="/panel/objects/${row.id}">${titleOf(row)}</a>`,
        row.status !== null && objectBadge(row.status),
        spoken(row.objectType),
        row.customerId !== null && idLink(row.customerId),
        idLink(row.id),
        row.created !== null && timeTag(row.created),
      ],
    })),
  );
}

/** Every kind with its count. */
export function objectKindsView(sandbox: Pick<Sandbox, 'objects'>): PanelView {
  const content = html`<h1>Objects</h1>
    <ul class="kinds">
      ${sandbox.objects
        .kinds()
        .map(
          ({ kind, count }) =>
            html`<li data-key="${kind}">
              <a href="/panel/objects/${kind}">${spoken(kind)}</a> <span class="count">${count}</span>
            </li>`,
        )}
    </ul>`;
  return { tab: 'objects', title: 'Objects', content };
}

/** The list of a kind, or one object by its id. */
export function objectsView(
  sandbox: ObjectRooms,
  req: Pick<PageRequest, 'query'>,
  kindOrId: string,
): PanelView {
  const page = sandbox.objects.list(kindOrId, pageQuery(req.query));
  if (!page) return objectView(sandbox, kindOrId);
  const content = html`<p class="crumb"><a href="/panel/objects">Objects</a></p>
    <h1>${spoken(kindOrId)}</h1>
    ${
      page.rows.length === 0
        ? emptyState('None yet', 'They appear here as the API, the hosted pages or a clock make them.')
        : objectTable(page.rows)
    }
    ${pager(`/panel/objects/${kindOrId}`, req.query, page.nextCursor)}`;
  return { tab: 'objects', title: spoken(kindOrId), content };
}

type ObjectRooms = Pick<Sandbox, 'objects' | 'billing' | 'moneyBack'>;

interface Particulars {
  readonly title: string | null;
  readonly bar: Fragment;
  readonly facts: readonly Fact[];
}

/** What is told of some kinds beside what all objects have, and what can be done to them. */
function particularsOf({ billing, moneyBack }: ObjectRooms, id: string): Particulars {
  const subscription = billing.subscriptions.find(id);
  if (subscription) {
    const { amount, currency, name } = subscription;
    return {
      title: `${formatAmount(amount, currency)} ${name}`,
      bar: subscriptionBar(billing, subscription),
      facts: subscriptionFacts(subscription),
    };
  }
  const invoice = billing.invoices.find(id);
  if (invoice) return { title: null, bar: invoiceBar(invoice), facts: invoiceFacts(invoice) };
  const refund = moneyBack.findRefund(id);
  const dispute = moneyBack.findDispute(id);
  const acts: ActForm[] = [
    ...(refund ? refundActs(refund) : []),
    ...(dispute ? disputeAnswers(dispute) : []),
  ];
  const forms = acts.map((act) => actForm({ ...act, back: `/panel/objects/${id}` }));
  return { title: null, bar: actBar(id, forms), facts: [] };
}

const BILLED = new Set(['subscription', 'invoice']);
const MONEY_BACK = new Set(['refund', 'dispute']);

function tabOf({ objectType }: ObjectDetail): { tab: TabKey; crumb: Markup } {
  if (BILLED.has(objectType)) {
    return { tab: 'billing', crumb: html`<a href="/panel/billing">Billing</a>` };
  }
  if (MONEY_BACK.has(objectType)) {
    return { tab: 'moneyback', crumb: html`<a href="/panel/moneyback">Money back</a>` };
  }
  return { tab: 'objects', crumb: html`<a href="/panel/objects">Objects</a>` };
}

/** What else it names: its customer has a place of its own. */
function linksOf({ customerId, id, links }: ObjectDetail): Fragment {
  const others = links.filter((one) => one !== id && one !== customerId);
  return others.length > 0 && others.map((one, place) => html`${place > 0 && ', '}${idLink(one)}`);
}

function objectView(sandbox: ObjectRooms, id: string): PanelView {
  const object = sandbox.objects.find(id);
  if (!object) return notFound('objects', 'object');
  const { tab, crumb } = tabOf(object);
  const { bar, facts, title } = particularsOf(sandbox, id);
  const content = html`<div class="head">
      <div>
        <p class="crumb">${crumb} / ${spoken(object.objectType)}</p>
        <h1>${title ?? titleOf(object)} ${object.status !== null && objectBadge(object.status)}</h1>
        <p class="head-id">${idWithCopy(object.id)}</p>
      </div>
      ${bar}
    </div>
    ${factList([
      ['Name', object.title],
      ['Customer', object.customerId === null ? null : idLink(object.customerId)],
      ...facts,
      ['Links', linksOf(object)],
      ['Created', object.created === null ? null : timeTag(object.created)],
    ])}
    ${
      object.relatives.length > 0 &&
      html`<h2>Belongs to it</h2>
        ${objectTable(object.relatives)}`
    }
    <h2>Events</h2>
    ${object.events.length === 0 ? html`<p class="muted">None so far.</p>` : eventTable(object.events)}
    <h2>Object</h2>
    ${jsonView(object.json, `${spoken(object.objectType)} as JSON`)}`;
  return { tab, title: object.id, content };
}
