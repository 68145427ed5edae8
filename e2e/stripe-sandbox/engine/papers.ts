import { randomText } from '../ids';
import type { World } from './world';

/**
 * Receipts and invoices are open to whoever has their address, so the address holds a token that nobody can
 * guess and never the plain id. An address stays good for as long as its object: a new one does not end the old.
 */
export function newReceiptUrl(world: World, chargeId: string): string {
  return `${world.origin}${receiptPath(issueToken(world, chargeId, ''))}`;
}

export function newInvoiceUrls(
  world: World,
  invoiceId: string,
): { hosted_invoice_url: string; invoice_pdf: string } {
  const path = invoicePath(world, issueToken(world, invoiceId, world.livemode ? 'live_' : 'test_'));
  return {
    hosted_invoice_url: `${world.origin}${path}?s=ap`,
    invoice_pdf: `${world.origin}${path}/pdf?s=ap`,
  };
}

/** The id of what a token opens. */
export function subjectOf(world: World, token: string): string | undefined {
  return world.store.papers.get(token)?.subject;
}

/** The token of an object's paper; undefined for objects older than their papers. */
export function tokenOf(world: World, subject: string): string | undefined {
  return world.store.papers.first('subject', subject)?.id;
}

export function receiptPath(token: string): string {
  return `/receipts/payment/${token}`;
}

export function invoicePath(world: World, token: string): string {
  return `/i/${world.account.id}/${token}`;
}

function issueToken(world: World, subject: string, prefix: string): string {
  return world.store.papers.put({ id: `${prefix}${randomText(64)}`, subject }).id;
}
