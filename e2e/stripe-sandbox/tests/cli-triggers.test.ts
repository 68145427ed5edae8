import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyDelivery } from '../../../app/modules/stripe/verify-delivery.server';
import { HURRIED } from '../testing/rich-world';
import { STARTS_A_PROCESS, startCli, type Cli } from '../testing/run-cli';
import { SECRET, startReceiver, startUnderTest, until, type Receiver } from '../testing/under-test';
import type { UnderTest } from '../testing/under-test';

/** What `stripe trigger` is asked for → the event types that must come of it. */
const TRIGGERS: Record<string, string[]> = {
  'billing_portal.configuration.created': ['billing_portal.configuration.created'],
  'billing_portal.configuration.updated': ['billing_portal.configuration.updated'],
  'billing_portal.session.created': ['billing_portal.session.created'],
  'charge.captured': ['charge.captured', 'payment_intent.succeeded'],
  'charge.dispute.closed': ['charge.dispute.created', 'charge.dispute.closed'],
  'charge.dispute.created': ['charge.succeeded', 'charge.dispute.created'],
  'charge.dispute.updated': ['charge.dispute.updated'],
  'charge.failed': ['charge.failed', 'payment_intent.payment_failed'],
  'charge.refund.updated': ['refund.updated', 'charge.refund.updated'],
  'charge.refunded': ['refund.created', 'charge.refunded'],
  'charge.succeeded': ['charge.succeeded', 'charge.updated'],
  'checkout.session.async_payment_failed': [
    'checkout.session.completed',
    'payment_intent.payment_failed',
    'checkout.session.async_payment_failed',
  ],
  'checkout.session.async_payment_succeeded': [
    'checkout.session.completed',
    'payment_intent.processing',
    'charge.pending',
    'payment_intent.succeeded',
    'checkout.session.async_payment_succeeded',
  ],
  'checkout.session.completed': [
    'product.created',
    'price.created',
    'charge.succeeded',
    'payment_intent.created',
    'payment_intent.succeeded',
    'checkout.session.completed',
    'charge.updated',
  ],
  'checkout.session.expired': ['checkout.session.expired'],
  'coupon.created': ['coupon.created'],
  'coupon.deleted': ['coupon.deleted'],
  'coupon.updated': ['coupon.updated'],
  'customer.created': ['customer.created'],
  'customer.deleted': ['customer.deleted'],
  'customer.discount.created': ['customer.discount.created'],
  'customer.discount.deleted': ['customer.discount.deleted'],
  'customer.discount.updated': ['customer.discount.updated'],
  'customer.subscription.created': [
    'customer.subscription.created',
    'invoice.created',
    'invoice.finalized',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
  ],
  'customer.subscription.deleted': ['customer.subscription.deleted'],
  'customer.subscription.paused': ['customer.subscription.paused'],
  'customer.subscription.trial_will_end': ['customer.subscription.trial_will_end'],
  'customer.subscription.updated': ['customer.subscription.updated'],
  'customer.updated': ['customer.updated'],
  'invoice.created': ['invoice.created'],
  'invoice.deleted': ['invoice.deleted'],
  'invoice.finalized': ['invoice.finalized'],
  'invoice.marked_uncollectible': ['invoice.marked_uncollectible'],
  'invoice.paid': ['invoice.finalized', 'charge.succeeded', 'invoice.paid'],
  'invoice.payment_action_required': ['payment_intent.requires_action', 'invoice.payment_action_required'],
  'invoice.payment_failed': ['charge.failed', 'invoice.payment_failed'],
  'invoice.payment_succeeded': ['invoice.payment_succeeded'],
  'invoice.sent': ['invoice.sent'],
  'invoice.updated': ['invoice.updated'],
  'invoice.voided': ['invoice.voided'],
  'invoiceitem.created': ['invoiceitem.created'],
  'invoiceitem.deleted': ['invoiceitem.deleted'],
  'payment_intent.amount_capturable_updated': ['payment_intent.amount_capturable_updated'],
  'payment_intent.canceled': ['payment_intent.canceled'],
  'payment_intent.created': ['payment_intent.created'],
  'payment_intent.payment_failed': ['charge.failed', 'payment_intent.payment_failed'],
  'payment_intent.processing': ['payment_intent.processing'],
  'payment_intent.requires_action': ['payment_intent.requires_action'],
  'payment_intent.succeeded': ['charge.succeeded', 'payment_intent.succeeded', 'payment_intent.created'],
  'payment_method.attached': ['payment_method.attached'],
  'payment_method.detached': ['payment_method.detached'],
  'payment_method.updated': ['payment_method.updated'],
  'plan.created': ['plan.created'],
  'plan.deleted': ['plan.deleted'],
  'plan.updated': ['plan.updated'],
  'price.created': ['plan.created', 'price.created'],
  'price.updated': ['price.updated'],
  'product.created': ['product.created'],
  'product.deleted': ['product.deleted'],
  'product.updated': ['product.updated'],
  'promotion_code.created': ['promotion_code.created'],
  'promotion_code.updated': ['promotion_code.updated'],
  'setup_intent.canceled': ['setup_intent.canceled'],
  'setup_intent.created': ['setup_intent.created'],
  'setup_intent.requires_action': ['setup_intent.requires_action'],
  'setup_intent.setup_failed': ['setup_intent.setup_failed'],
  'setup_intent.succeeded': ['setup_intent.succeeded'],
  'subscription.payment_failed': ['customer.subscription.created', 'invoice.payment_failed'],
  'subscription.payment_succeeded': ['customer.subscription.created', 'invoice.payment_succeeded'],
  'test_helpers.test_clock.advancing': ['test_helpers.test_clock.advancing'],
  'test_helpers.test_clock.created': ['test_helpers.test_clock.created'],
  'test_helpers.test_clock.deleted': ['test_helpers.test_clock.deleted'],
  'test_helpers.test_clock.ready': ['test_helpers.test_clock.advancing', 'test_helpers.test_clock.ready'],
};

let test: UnderTest;
let receiver: Receiver;
let cli: Cli;

beforeAll(async () => {
  receiver = await startReceiver();
  test = await startUnderTest({ webhook: receiver.url, webhookSecret: SECRET, settings: HURRIED });
  cli = startCli(test.url);
});
afterAll(async () => {
  cli.close();
  await test.stop();
  await receiver.close();
});

/** What the application's own verifier says of the delivery. */
function asTheApplication(eventId: string) {
  const found = receiver.received.find(({ body }) => body.includes(`"${eventId}"`));
  const { body, signature } = found ?? { body: '', signature: '' };
  return verifyDelivery({ body: Buffer.from(body), signature, secrets: [SECRET], now: new Date() });
}

describe('stripe trigger', STARTS_A_PROCESS, () => {
  it.each(Object.entries(TRIGGERS))('%s', async (trigger, types) => {
    const [newest] = (await test.stripe.events.list({ limit: 1 })).data;
    const before = newest?.id;
    receiver.received.length = 0;
    const run = await cli.run('trigger', trigger);
    expect(run.code, run.output).toBe(0);
    const known = before === undefined ? {} : { ending_before: before };
    for (const type of types) {
      const event = await until(async () => (await test.stripe.events.list({ type, ...known })).data[0]);
      const delivered = await until(() => receiver.events().find(({ id }) => id === event.id));
      expect(delivered).toMatchObject({ type, data: { object: { object: expect.any(String) } } });
      expect(asTheApplication(event.id)).toMatchObject({
        outcome: 'verified',
        event: { id: event.id, type },
      });
    }
  });
});
