import type { InvoiceView, PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { unknownPage } from '../checkout/closed-page';
import { PAGE_HEADERS } from '../layout';
import { invoicePage } from './invoice-page';
import { invoicePdf } from './invoice-pdf';
import { receiptPage } from './receipt-page';

const RECEIPT = /^\/receipts\/payment\/(\w+)$/;
const INVOICE = /^\/i\/(\w+)\/(\w+)(\/pdf)?$/;

/** /receipts/payment/:token, /i/:account/:token and its /pdf. Who holds the address may read. */
export function handlePapers(
  { livemode, papers }: Pick<Sandbox, 'livemode' | 'papers'>,
  req: PageRequest,
): PageResponse | undefined {
  if (req.method === 'POST') return undefined;
  const receipt = papers.receipt(RECEIPT.exec(req.path)?.[1] ?? '');
  if (receipt) return receiptPage(receipt, livemode);
  const [, account = '', token = '', pdf] = INVOICE.exec(req.path) ?? [];
  const invoice = papers.invoice(account, token);
  if (invoice) return pdf === undefined ? invoicePage(invoice, livemode) : pdfResponse(invoice);
  return unknownPage({
    title: 'Document not found',
    heading: 'No such receipt or invoice',
    text: 'The link is incomplete, or its payment belongs to another sandbox data folder.',
  });
}

function pdfResponse(view: InvoiceView): PageResponse {
  return {
    status: 200,
    headers: {
      ...PAGE_HEADERS,
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="Invoice-${view.number.replace(/[^\w-]/g, '_')}.pdf"`,
    },
    body: invoicePdf(view),
  };
}
