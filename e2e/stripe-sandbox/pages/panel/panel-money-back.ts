import type { PageRequest, PaymentRow, Sandbox } from '../../sandbox';
import type { DisputeRow, RefundRow } from '../../sandbox-money-back';
import { formatAmount } from '../../amounts';
import { html, type Fragment, type Markup } from '../html';
import { timeTag } from '../times';
import { objectBadge } from './badges';
import { actForm } from './form-token';
import { idLink } from './ids';
import { listTable } from './list-table';
import { disputeAnswers, refundActs } from './money-back-acts';
import { emptyState, pageQuery, pager, type PanelView } from './panel-layout';

const LISTED = 100;
const spoken = (name: string): string => name.replaceAll('_', ' ');

function refundTable(refunds: readonly RefundRow[], back: string): Markup {
  return listTable(
    [
      { label: 'Refund', kind: 'name' },
      { label: 'State' },
      { label: 'Why', kind: 'grow' },
      { label: 'Id', kind: 'wide' },
      { label: 'Payment', kind: 'wide' },
      { label: 'Created', kind: 'age' },
      { label: 'Acts', kind: 'acts' },
    ],
    refunds.map((refund) => ({
      key: refund.id,
      cells: [
        html`<a href="/panel/objects/${refund.id}">${formatAmount(refund.amount, refund.currency)}</a>`,
        objectBadge(refund.status),
        spoken(refund.failureReason ?? refund.reason ?? ''),
        idLink(refund.id),
        refund.paymentIntentId !== null && idLink(refund.paymentIntentId),
        timeTag(refund.created),
        refundActs(refund).map((act) => actForm({ ...act, back })),
      ],
    })),
  );
}

function withdrawn({ currency, reason, withdrawn: amount }: DisputeRow): string {
  const taken = amount === 0 ? 'nothing withdrawn' : `${formatAmount(amount, currency)} withdrawn`;
  return `${spoken(reason)}, ${taken}`;
}

function disputeTable(disputes: readonly DisputeRow[], back: string): Markup {
  return listTable(
    [
      { label: 'Dispute', kind: 'name' },
      { label: 'State' },
      { label: 'Why', kind: 'grow' },
      { label: 'Id', kind: 'wide' },
      { label: 'Payment', kind: 'wide' },
      { label: 'Answer due', kind: 'age' },
      { label: 'Acts', kind: 'acts' },
    ],
    disputes.map((dispute) => ({
      key: dispute.id,
      cells: [
        html`<a href="/panel/objects/${dispute.id}">${formatAmount(dispute.amount, dispute.currency)}</a>`,
        objectBadge(dispute.status),
        withdrawn(dispute),
        idLink(dispute.id),
        dispute.paymentIntentId !== null && idLink(dispute.paymentIntentId),
        dispute.stage !== 'closed' && dispute.dueBy !== null && timeTag(dispute.dueBy),
        disputeAnswers(dispute).map((act) => actForm({ ...act, back })),
      ],
    })),
  );
}

/** The tab of all refunds and disputes, newest first. */
export function moneyBackView(
  { moneyBack }: Pick<Sandbox, 'moneyBack'>,
  { query }: Pick<PageRequest, 'query'>,
): PanelView {
  const path = '/panel/moneyback';
  const refunds = moneyBack.refunds(pageQuery(query, 'refunds'));
  const disputes = moneyBack.disputes(pageQuery(query, 'disputes'));
  const content = html`<h1>Money back</h1>
    <h2>Disputes</h2>
    ${
      disputes.rows.length === 0
        ? emptyState('No disputes', 'A dispute card makes one, or a button on the page of a paid payment.')
        : disputeTable(disputes.rows, path)
    }
    ${pager(path, query, disputes.nextCursor, 'disputes')}
    <h2>Refunds</h2>
    ${
      refunds.rows.length === 0
        ? emptyState('No refunds', 'The API makes them, or a button on the page of a paid payment.')
        : refundTable(refunds.rows, path)
    }
    ${pager(path, query, refunds.nextCursor, 'refunds')}`;
  return { tab: 'moneyback', title: 'Money back', content };
}

/** What came back of one payment, and what can be made of it. */
export function paymentMoneyBack({ moneyBack }: Pick<Sandbox, 'moneyBack'>, { id }: PaymentRow): Fragment {
  const query = { paymentIntentId: id, limit: LISTED };
  const refunds = moneyBack.refunds(query).rows;
  const disputes = moneyBack.disputes(query).rows;
  const path = `/panel/payments/${id}`;
  return html`${
    disputes.length > 0 &&
    html`<h2>Disputes</h2>
      ${disputeTable(disputes, path)}`
  }
  ${
    refunds.length > 0 &&
    html`<h2>Refunds</h2>
      ${refundTable(refunds, path)}`
  }`;
}
