import type { PageResponse, ReceiptView } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { html } from '../html';
import { documentResponse } from '../layout';
import { orderLines, orderTotals } from '../order-lines';
import { factRows, paperFrame } from './paper-frame';
import { receiptFacts, receiptTotals } from './wording';

export function receiptPage(view: ReceiptView, livemode: boolean): PageResponse {
  const content = html`<h1>
      <span class="lead">Receipt from ${view.businessName}</span>
      <span class="headline-amount">${formatAmount(view.total, view.currency)}</span>
    </h1>
    ${factRows(receiptFacts(view))}
    <h2>Summary</h2>
    ${orderLines(view.lines, view.currency)} ${orderTotals(receiptTotals(view), view.currency)}
    ${
      view.invoice &&
      html`<p class="paper-acts">
        <a class="secondary" href="${view.invoice.path}">Invoice ${view.invoice.number}</a>
      </p>`
    }`;
  return documentResponse({
    title: `${view.businessName} · Receipt`,
    body: paperFrame({ ...view, livemode }, content),
    room: 'papers',
  });
}
