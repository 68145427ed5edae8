import type Stripe from 'stripe';
import { laterOn } from '../clocks/clock-time';
import type { Confirmed } from '../confirm-intent';
import { happening } from '../happening';
import { idIn, type Cause, type World } from '../world';
import { changeInvoice } from './changes';
import { finalizeInvoice, markUncollectible, tryInvoice } from './collect-invoice';
import { buildDraft, withLines, withTotals, type DraftInput } from './draft-invoice';
import { invoiceGivenUp } from './end-subscription';
import { subscriptionPaid } from './follow-invoice';
import { cancelPayments, markPaid, voidInvoice } from './invoice-states';
import { lineOfItem, takeItems } from './pending-items';

type Invoice = Stripe.Invoice;

/** Makes a draft of these items. */
export function createDraft(
  world: World,
  cause: Cause,
  input: Omit<DraftInput, 'lines'>,
  items: Stripe.InvoiceItem[],
  number: string | null,
): Invoice {
  const lines = items.map((item) => lineOfItem(world, item));
  const draft = world.store.invoices.put({ ...buildDraft(world, { ...input, lines }), number });
  takeItems(world, items, draft.id);
  keepHour(world, draft);
  world.publish(cause, [happening('invoice.created', draft)]);
  return draft;
}

function keepHour(world: World, { automatically_finalizes_at: at, id, test_clock: clock }: Invoice): void {
  if (at !== null) laterOn(world, idIn(clock), 'advance_invoice', id, at);
}

/** Lays a change over an invoice and counts a draft's lines again. */
export function updateInvoice(world: World, cause: Cause, next: Invoice): Invoice {
  const before = world.store.invoices.must(next.id);
  const counted = next.status === 'draft' ? recounted(world, next) : next;
  world.publish(cause, changeInvoice(world, before, counted));
  if (counted.automatically_finalizes_at !== before.automatically_finalizes_at) keepHour(world, counted);
  return world.store.invoices.must(next.id);
}

/** A draft whose items were changed, with lines that say so. What a subscription costs stays as it is. */
export function recounted(world: World, draft: Invoice): Invoice {
  const items = world.store.invoiceItems.where('invoice', draft.id);
  const discounts = draft.discounts.flatMap((one) => world.store.discounts.get(idIn(one) ?? '') ?? []);
  const own = draft.lines.data.filter((line) => !isOfItem(line));
  const counted = withLines(
    world,
    draft,
    items.map((item) => lineOfItem(world, item)),
    discounts,
  );
  return withTotals({ ...counted, lines: { ...counted.lines, data: [...counted.lines.data, ...own] } });
}

function isOfItem({ parent }: Stripe.InvoiceLineItem): boolean {
  return parent?.type === 'invoice_item_details' || parent?.subscription_item_details?.invoice_item !== null;
}

export function deleteDraft(world: World, cause: Cause, draft: Invoice): void {
  for (const item of world.store.invoiceItems.where('invoice', draft.id)) {
    world.store.invoiceItems.delete(item.id);
  }
  world.store.invoices.delete(draft.id);
  world.publish(cause, [happening('invoice.deleted', draft)]);
}

export function finalizeByHand(
  world: World,
  cause: Cause,
  draft: Invoice,
  autoAdvance: boolean | undefined,
): Invoice {
  const advance = autoAdvance ?? draft.auto_advance ?? false;
  const { happenings } = finalizeInvoice(world, { ...draft, auto_advance: advance });
  world.publish(cause, happenings);
  return world.store.invoices.must(draft.id);
}

export type PayOutcome = { outcome: 'paid' } | Confirmed;

/** Pays an invoice with a method; a draft is finalized first. */
export function payInvoice(
  world: World,
  cause: Cause,
  invoice: Invoice,
  method: Stripe.PaymentMethod | null,
): PayOutcome {
  const finalized = invoice.status === 'draft' ? finalizeInvoice(world, invoice) : null;
  const open = world.store.invoices.must(invoice.id);
  const told = finalized?.happenings ?? [];
  if (open.status === 'paid' || !method) {
    world.publish(cause, told);
    return { outcome: 'paid' };
  }
  const tried = tryInvoice(world, open, method);
  world.publish(cause, [...told, ...tried.happenings]);
  return tried;
}

/** The money came by another way. Its own intent is not needed any more. */
export function payOutOfBand(world: World, cause: Cause, invoice: Invoice): Invoice {
  const told = invoice.status === 'draft' ? finalizeInvoice(world, invoice).happenings : [];
  const open = world.store.invoices.must(invoice.id);
  if (open.status === 'paid') {
    world.publish(cause, told);
    return open;
  }
  const canceled = cancelPayments(world, open);
  const paid = markPaid(world, open);
  const followed = subscriptionPaid(world, paid.invoice, null);
  world.publish(cause, [...told, ...canceled, ...paid.happenings, ...followed]);
  return paid.invoice;
}

export function voidByHand(world: World, cause: Cause, open: Invoice): Invoice {
  const { happenings, invoice } = voidInvoice(world, open);
  world.publish(cause, [...happenings, ...invoiceGivenUp(world, invoice)]);
  return invoice;
}

export function markUncollectibleByHand(world: World, cause: Cause, open: Invoice): Invoice {
  const { happenings, invoice } = markUncollectible(world, open, 'user_forgiven');
  world.publish(cause, [...happenings, ...invoiceGivenUp(world, invoice)]);
  return invoice;
}

/** Stripe mails it; here only the event is sent. */
export function sendInvoice(world: World, cause: Cause, invoice: Invoice): Invoice {
  const told = invoice.status === 'draft' ? finalizeInvoice(world, invoice).happenings : [];
  const sent = world.store.invoices.must(invoice.id);
  world.publish(cause, [...told, happening('invoice.sent', sent)]);
  return sent;
}
