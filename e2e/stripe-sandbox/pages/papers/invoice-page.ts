import type { InvoiceView, PageResponse } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { html, type Markup } from '../html';
import { documentResponse } from '../layout';
import { orderLines, orderTotals } from '../order-lines';
import { factRows, paperFrame } from './paper-frame';
import { buyerLines, invoiceFacts, invoiceTotals, sellerLines } from './wording';

function party(label: string, [first, ...others]: readonly string[]): Markup {
  return html`<section>
    <h2>${label}</h2>
    <p>${first && html`<strong>${first}</strong>`}${others.map((line) => html`<br />${line}`)}</p>
  </section>`;
}

export function invoicePage(view: InvoiceView, livemode: boolean): PageResponse {
  const isPaid = view.status === 'paid';
  const due = isPaid ? view.amountPaid : view.amountRemaining;
  const content = html`<h1>
      <span class="lead">Invoice from ${view.businessName}</span>
      <span class="headline-amount">${formatAmount(due, view.currency)}</span>
      <span class="badge ${isPaid ? 'ok' : 'idle'}">${isPaid ? 'Paid' : view.status}</span>
    </h1>
    ${factRows(invoiceFacts(view))}
    <div class="parties">${party('From', sellerLines(view))} ${party('To', buyerLines(view))}</div>
    ${view.description && html`<p class="memo">${view.description}</p>`}
    <h2>Items</h2>
    ${orderLines(view.lines, view.currency)} ${orderTotals(invoiceTotals(view), view.currency)}
    ${view.footer && html`<p class="memo">${view.footer}</p>`}
    <p class="paper-acts">
      <a class="primary" href="${view.pdfPath}">Open the PDF</a>
      ${view.receiptPath !== null && html`<a class="secondary" href="${view.receiptPath}">View the receipt</a>`}
    </p>`;
  return documentResponse({
    title: `${view.businessName} · Invoice ${view.number}`,
    body: paperFrame({ ...view, livemode }, content),
    room: 'papers',
  });
}
