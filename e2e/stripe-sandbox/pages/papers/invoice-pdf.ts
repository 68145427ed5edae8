import type { InvoiceView } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { quantityText } from '../order-lines';
import { writePdf, type Mark } from './pdf';
import { canShow, wrap } from './pdf-text';
import { buyerLines, invoiceFacts, invoiceTotals, sellerLines } from './wording';

/** A4, in points. An invoice too long for it gets a longer page, so it is always one. */
const WIDTH = 595;
const SHORTEST = 842;
const MARGIN = 56;
const RIGHT = WIDTH - MARGIN;
const INNER = RIGHT - MARGIN;
const SIZE = 10;
const LEADING = 15;
const HALF = MARGIN + INNER / 2;

interface Style {
  size?: number;
  font?: 'regular' | 'bold';
  tone?: 'ink' | 'muted';
  align?: 'left' | 'right';
}

/** Writes downwards; `y` is the line that is written next. */
class Sheet {
  readonly marks: Mark[] = [];
  y = MARGIN + 12;

  text(x: number, text: string, style: Style = {}): void {
    const plain = { size: SIZE, font: 'regular', tone: 'ink', align: 'left' } as const;
    this.marks.push({ kind: 'text', x, y: this.y, text, ...plain, ...style });
  }

  lines(x: number, texts: readonly string[], style: Style = {}): void {
    for (const text of texts) {
      this.text(x, text, style);
      this.y += LEADING;
    }
  }

  rule(): void {
    this.marks.push({ kind: 'rule', x: MARGIN, y: this.y, width: INNER });
    this.y += LEADING + 3;
  }
}

export function invoicePdf(view: InvoiceView): string {
  const sheet = new Sheet();
  sheet.text(RIGHT, view.status === 'paid' ? 'Paid' : view.status, {
    size: 14,
    align: 'right',
  });
  sheet.lines(MARGIN, ['Invoice'], { size: 20, font: 'bold' });
  sheet.y += 12;
  for (const { label, text } of invoiceFacts(view)) {
    sheet.text(MARGIN, label, { tone: 'muted' });
    sheet.lines(MARGIN + 110, wrap(text, SIZE, INNER - 110));
  }
  sheet.y += 18;
  parties(sheet, view);
  if (view.description !== null) memo(sheet, view.description);
  items(sheet, view);
  totals(sheet, view);
  if (view.footer !== null) memo(sheet, view.footer);
  memo(sheet, 'Local Stripe sandbox. No real money moved.');
  const height = Math.max(SHORTEST, Math.ceil(sheet.y + MARGIN));
  return writePdf({ title: `Invoice ${view.number}`, width: WIDTH, height, marks: sheet.marks });
}

function parties(sheet: Sheet, view: InvoiceView): void {
  const top = sheet.y;
  const column = (x: number, label: string, texts: string[]): number => {
    sheet.y = top;
    sheet.lines(x, [label], { font: 'bold' });
    sheet.lines(
      x,
      texts.flatMap((text) => wrap(text, SIZE, INNER / 2 - 16)),
    );
    return sheet.y;
  };
  const bottoms = [column(MARGIN, 'From', sellerLines(view)), column(HALF, 'To', buyerLines(view))];
  sheet.y = Math.max(...bottoms);
}

function items(sheet: Sheet, { lines, currency }: InvoiceView): void {
  sheet.y += LEADING + 3;
  sheet.text(MARGIN, 'Description', { tone: 'muted' });
  sheet.text(RIGHT, 'Amount', { tone: 'muted', align: 'right' });
  sheet.y += 8;
  sheet.rule();
  for (const { description, quantity, unitAmount, amount } of lines) {
    sheet.text(RIGHT, money(amount, currency), { align: 'right' });
    sheet.lines(MARGIN, wrap(description, SIZE, INNER - 110));
    const unit = unitAmount === null ? null : money(unitAmount, currency);
    if (quantity > 1) sheet.lines(MARGIN, [quantityText(quantity, unit)], { tone: 'muted' });
    sheet.y += 3;
  }
  sheet.y -= 6;
  sheet.rule();
}

function totals(sheet: Sheet, view: InvoiceView): void {
  for (const { label, amount, strong } of invoiceTotals(view)) {
    const font = strong ? 'bold' : 'regular';
    sheet.text(HALF, label, { font });
    sheet.text(RIGHT, money(amount, view.currency), { font, align: 'right' });
    sheet.y += LEADING + 3;
  }
}

function memo(sheet: Sheet, text: string): void {
  sheet.y += LEADING;
  sheet.lines(MARGIN, wrap(text, SIZE, INNER), { tone: 'muted' });
}

/** By its code where the fonts lack the currency's sign. */
function money(amount: number, currency: string): string {
  const short = formatAmount(amount, currency);
  return canShow(short) ? short : formatAmount(amount, currency, 'code');
}
