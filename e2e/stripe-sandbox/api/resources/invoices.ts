import type Stripe from 'stripe';
import * as z from 'zod';
import { HOUR_SECONDS } from '../../durations';
import { methodFor } from '../../engine/billing/collect-invoice';
import {
  createDraft,
  deleteDraft,
  finalizeByHand,
  markUncollectibleByHand,
  payInvoice,
  payOutOfBand,
  sendInvoice,
  updateInvoice,
  voidByHand,
} from '../../engine/billing/invoice-acts';
import { subscriptionIdOf } from '../../engine/billing/invoice-states';
import { pendingItems } from '../../engine/billing/pending-items';
import { daysLater } from '../../engine/billing/periods';
import { clockNow } from '../../engine/clocks/clock-time';
import { orCustomerDiscount } from '../../engine/discounts/customer-discount';
import { redeemDiscount } from '../../engine/discounts/redeem';
import { cardOfAlias } from '../../engine/methods/behaviours';
import { idIn, type World } from '../../engine/world';
import {
  customerOf,
  discountsOf,
  foundInvoice,
  foundSubscription,
  namedCustomer,
  ownMethod,
  storeDiscounts,
} from '../billing-checks';
import { cardRefusal } from '../card-refusal';
import {
  createInvoiceParams,
  payInvoiceParams,
  updateInvoiceParams,
  type CreateInvoiceParams,
  type UpdateInvoiceParams,
} from '../invoice-params';
import { addLines, preview } from '../invoice-lines';
import { checkTakes } from '../intent-methods';
import { inRange, listOf, listPage, rangeParams } from '../lists';
import { bool, customerAccount, mergeMetadata, oneOf, parseParams, text } from '../params';
import { checkDefault, methodTypesOf } from '../payment-settings';
import { conflict, invalid, Refusal } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { searchPage } from '../search';

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createInvoiceParams, form);
  const customer = namedCustomer(world, params.customer);
  const subscription =
    params.subscription === undefined ? null : foundSubscription(world, params.subscription);
  const now = clockNow(world, idIn(customer.test_clock));
  const takes = params.pending_invoice_items_behavior === 'include' || subscription !== null;
  const currency =
    params.currency ?? subscription?.currency ?? customer.currency ?? pendingCurrency(world, customer);
  const items = takes
    ? pendingItems(world, { customer: customer.id, currency, subscription: subscription?.id ?? null })
    : [];
  const method =
    params.default_payment_method === undefined
      ? null
      : ownMethod(world, customer.id, params.default_payment_method, 'default_payment_method');
  const methodTypes = methodTypesOf(params.payment_settings, currency, method) ?? null;
  const discounts = storeDiscounts(
    world,
    discountsOf(world, params.discounts, { customer: customer.id, currency }),
    { customer: customer.id },
  );
  for (const discount of discounts) redeemDiscount(world, discount);
  const input = {
    customer,
    currency,
    reason: 'manual',
    collectionMethod: params.collection_method,
    dueDate: dueDateOf(params, now),
    autoAdvance: params.auto_advance,
    subscription,
    period: { start: now, end: now },
    discounts: orCustomerDiscount(world, discounts, customer.id, now),
    isTaxed: params.automatic_tax?.enabled ?? false,
    defaultPaymentMethod: params.default_payment_method ?? null,
    methodTypes,
    description: params.description,
    footer: params.footer,
    customFields: params.custom_fields ?? null,
    metadata: params.metadata,
  };
  return createDraft(world, cause, input, items, params.number ?? null);
}

/** Without any hint, an invoice is in the currency of what waits for it. */
function pendingCurrency(world: World, customer: Stripe.Customer): string {
  const waiting = world.store.invoiceItems.where('customer', customer.id);
  return waiting.find(({ invoice }) => invoice === null)?.currency ?? world.account.default_currency ?? 'usd';
}

function dueDateOf(
  params: Pick<CreateInvoiceParams, 'collection_method' | 'days_until_due' | 'due_date'>,
  now: number,
): number | null {
  if (params.collection_method === 'charge_automatically') {
    if (params.due_date === undefined && params.days_until_due === undefined) return null;
    throw invalid(
      '`due_date` and `days_until_due` may only be set if `collection_method` is `send_invoice`.',
      {
        param: params.due_date === undefined ? 'days_until_due' : 'due_date',
      },
    );
  }
  if (params.due_date === undefined && params.days_until_due === undefined) {
    throw invalid('If invoicing is set to `send_invoice`, you must specify `days_until_due` or `due_date`.', {
      code: 'parameter_missing',
      param: 'days_until_due',
    });
  }
  return params.due_date ?? daysLater(now, params.days_until_due ?? 0);
}

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateInvoiceParams, form);
  const before = foundInvoice(world, id);
  if (before.status !== 'draft') {
    const later = new Set(['metadata', 'auto_advance', 'default_payment_method', 'description', 'due_date']);
    const early = Object.keys(params).find((name) => !later.has(name));
    if (early !== undefined || (before.status !== 'open' && params.metadata === undefined)) {
      throw notEditable();
    }
  }
  return updateInvoice(world, cause, { ...before, ...changesOf(world, before, params) });
}

function notEditable(): Refusal {
  return conflict("Finalized invoices can't be updated in this way", 'invoice_not_editable');
}

function changesOf(
  world: World,
  before: Stripe.Invoice,
  params: UpdateInvoiceParams,
): Partial<Stripe.Invoice> {
  const customer = idIn(before.customer) ?? '';
  const { auto_advance: advances, default_payment_method: method, discounts, days_until_due: days } = params;
  const chosen =
    typeof method === 'string' ? ownMethod(world, customer, method, 'default_payment_method') : null;
  const kept = world.store.paymentMethods.get(idIn(before.default_payment_method) ?? '') ?? null;
  const types = methodTypesOf(params.payment_settings, before.currency, method === undefined ? kept : chosen);
  if (types === undefined) checkDefault(before.payment_settings.payment_method_types, chosen);
  const stored =
    discounts &&
    storeDiscounts(world, discountsOf(world, discounts, { customer, currency: before.currency }), {
      customer,
      invoice: before.id,
    });
  const at = before.status === 'draft' ? hourFrom(world, before) : null;
  return {
    ...(advances !== undefined && {
      auto_advance: advances,
      automatically_finalizes_at: advances ? at : null,
    }),
    ...(params.automatic_tax && {
      automatic_tax: { ...before.automatic_tax, enabled: params.automatic_tax.enabled },
    }),
    ...(params.collection_method !== undefined && { collection_method: params.collection_method }),
    ...(params.custom_fields !== undefined && { custom_fields: params.custom_fields }),
    ...(method !== undefined && { default_payment_method: method }),
    ...(params.description !== undefined && { description: params.description }),
    ...(stored && { discounts: stored.map((discount) => discount.id) }),
    ...(params.due_date !== undefined && { due_date: params.due_date }),
    ...(days !== undefined && { due_date: daysLater(before.created, days) }),
    ...(params.footer !== undefined && { footer: params.footer }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, params.metadata) }),
    ...(params.number !== undefined && { number: params.number }),
    ...(types !== undefined && {
      payment_settings: { ...before.payment_settings, payment_method_types: types },
    }),
    ...(params.statement_descriptor !== undefined && { statement_descriptor: params.statement_descriptor }),
  };
}

function hourFrom(world: World, { test_clock: clock }: Stripe.Invoice): number {
  return clockNow(world, idIn(clock)) + HOUR_SECONDS;
}

function remove({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const draft = foundInvoice(world, id);
  if (draft.status !== 'draft') {
    throw conflict('You can only delete draft invoices.', 'invoice_not_editable');
  }
  if (subscriptionIdOf(draft) !== null && draft.billing_reason !== 'manual') {
    throw conflict(
      'You can only delete one-off invoices, not those of a subscription.',
      'invoice_not_editable',
    );
  }
  deleteDraft(world, cause, draft);
  return { id, object: 'invoice', deleted: true };
}

function finalize({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(z.strictObject({ auto_advance: bool().optional() }), form);
  const draft = foundInvoice(world, id);
  if (draft.status !== 'draft') {
    throw conflict(
      "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
      'invoice_not_editable',
    );
  }
  customerOf(world, draft);
  return finalizeByHand(world, cause, draft, params.auto_advance);
}

function pay({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(payInvoiceParams, form);
  const invoice = foundInvoice(world, id);
  if (invoice.status === 'paid') throw conflict('Invoice is already paid', 'invoice_already_paid');
  if (invoice.status === 'void') {
    throw conflict('This invoice is void, so it can no longer be paid.', 'invoice_not_editable');
  }
  if (invoice.status === 'draft') customerOf(world, invoice);
  if (params.paid_out_of_band) return payOutOfBand(world, cause, invoice);
  const method = payWith(world, invoice, params.payment_method);
  const paid = payInvoice(world, cause, invoice, method);
  if (paid.outcome === 'declined' && method) throw cardRefusal(paid, method);
  if (paid.outcome === 'challenge') {
    throw requiresAction(paid.intent);
  }
  return world.store.invoices.must(id);
}

function requiresAction(intent: Stripe.PaymentIntent): Refusal {
  const message =
    'Payment for this invoice requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.';
  const code = 'invoice_payment_intent_requires_action';
  const body = { type: 'card_error' as const, code, message, payment_intent: intent };
  return new Refusal(402, body, { isFinal: true });
}

function payWith(
  world: World,
  invoice: Stripe.Invoice,
  given: string | undefined,
): Stripe.PaymentMethod | null {
  const customer = idIn(invoice.customer) ?? '';
  if (given !== undefined) {
    if (cardOfAlias(world, given))
      throw invalid(`No such PaymentMethod: '${given}'`, { param: 'payment_method' });
    const method = ownMethod(world, customer, given, 'payment_method');
    const { payment_method_types: types } = invoice.payment_settings;
    if (types) checkTakes('PaymentIntent', types, method);
    return method;
  }
  const method = methodFor(world, invoice);
  if (method) return method;
  if (invoice.amount_due === 0) return null;
  throw invalid(
    'There is no `default_payment_method` set on this Customer or Invoice. Please set either of these or specify a `payment_method` to pay with.',
    { code: 'resource_missing' },
  );
}

function send({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const invoice = foundInvoice(world, id);
  if (invoice.collection_method !== 'send_invoice') {
    throw conflict(
      'You can only manually send an invoice if its collection method is `send_invoice`.',
      undefined,
    );
  }
  if (invoice.status !== 'draft' && invoice.status !== 'open') {
    throw conflict(`You can only send an open invoice; this one is ${invoice.status}.`, undefined);
  }
  if (invoice.status === 'draft') customerOf(world, invoice);
  return sendInvoice(world, cause, invoice);
}

function voidOne({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return voidByHand(world, cause, outstanding(world, id, ['open', 'uncollectible'], 'void'));
}

function giveUp({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return markUncollectibleByHand(world, cause, outstanding(world, id, ['open'], 'mark as uncollectible'));
}

function outstanding(world: World, id: string, states: string[], act: string): Stripe.Invoice {
  const invoice = foundInvoice(world, id);
  if (states.includes(invoice.status ?? '')) return invoice;
  throw conflict(
    `You can only ${act} an invoice that is ${states.join(' or ')}. This invoice is ${invoice.status}.`,
    'invoice_not_editable',
  );
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return foundInvoice(world, id);
}

function listLines(request: ApiRequest): object {
  const { world, path } = request;
  const [id = ''] = path;
  const invoice = foundInvoice(world, id);
  return listOf(request, invoice.lines.data, 'line_item', `/v1/invoices/${id}/lines`);
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.invoices, {
    noun: 'invoice',
    url: '/v1/invoices',
    filters: {
      collection_method: oneOf(['charge_automatically', 'send_invoice']).optional(),
      customer: text().optional(),
      customer_account: customerAccount,
      due_date: rangeParams,
      status: oneOf(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
      subscription: text().optional(),
    },
    select: ({ collection_method: collection, customer, due_date: due, status, subscription }) => ({
      index:
        subscription !== undefined
          ? { name: 'subscription', key: subscription }
          : customer === undefined
            ? undefined
            : { name: 'customer', key: customer },
      where: (invoice) =>
        (status === undefined || invoice.status === status) &&
        (due === undefined || (invoice.due_date !== null && inRange(invoice.due_date, due))) &&
        (collection === undefined || invoice.collection_method === collection) &&
        (customer === undefined || idIn(invoice.customer) === customer),
    }),
  });
}

function search(request: ApiRequest): object {
  return searchPage(request, request.world.store.invoices, {
    resource: 'invoices',
    fields: {
      created: ({ created }) => created,
      currency: ({ currency }) => currency,
      customer: ({ customer }) => idIn(customer),
      number: ({ number }) => number,
      receipt_number: ({ receipt_number: receipt }) => receipt,
      status: ({ status }) => status,
      subscription: subscriptionIdOf,
      total: ({ total }) => total,
    },
  });
}

export const invoiceRoutes: Routes = {
  'GET /v1/invoices': { resource: 'invoice', isList: true, run: listAll },
  'POST /v1/invoices': { resource: 'invoice', run: create },
  'POST /v1/invoices/create_preview': { resource: 'invoice', run: preview },
  'GET /v1/invoices/search': { resource: 'invoice', isList: true, run: search },
  'GET /v1/invoices/:id': { resource: 'invoice', run: retrieve },
  'POST /v1/invoices/:id': { resource: 'invoice', run: update },
  'DELETE /v1/invoices/:id': { resource: 'invoice', run: remove },
  'POST /v1/invoices/:id/add_lines': { resource: 'invoice', run: addLines },
  'POST /v1/invoices/:id/finalize': { resource: 'invoice', run: finalize },
  'GET /v1/invoices/:id/lines': { resource: 'invoice_line', isList: true, run: listLines },
  'POST /v1/invoices/:id/mark_uncollectible': { resource: 'invoice', run: giveUp },
  'POST /v1/invoices/:id/pay': { resource: 'invoice', run: pay },
  'POST /v1/invoices/:id/send': { resource: 'invoice', run: send },
  'POST /v1/invoices/:id/void': { resource: 'invoice', run: voidOne },
};
