import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { RETURN, startPortalTest, type PortalTest } from '../testing/portal';
import { refusalOf, startUnderTest } from '../testing/under-test';

let under: PortalTest['under'];
let customer: PortalTest['customer'];
let monthly: PortalTest['monthly'];
let yearly: PortalTest['yearly'];
let subscribe: PortalTest['subscribe'];
let everything: PortalTest['everything'];
let openPortal: PortalTest['openPortal'];
let viewed: PortalTest['viewed'];
let following: PortalTest['following'];

beforeEach(async () => {
  ({ under, customer, monthly, yearly, subscribe, everything, openPortal, viewed, following } =
    await startPortalTest());
});
afterEach(() => under.stop());

describe('a configuration', () => {
  it('says every feature, with what was not asked for turned off', async () => {
    const created = await under.stripe.billingPortal.configurations.create({
      business_profile: { headline: 'created by the Stripe CLI' },
      features: { subscription_cancel: { enabled: true } },
    });
    expect(created.id).toMatch(/^bpc_1/);
    expect(created).toMatchObject({
      active: true,
      is_default: false,
      business_profile: { headline: 'created by the Stripe CLI', privacy_policy_url: null },
      features: {
        customer_update: { allowed_updates: [], enabled: false },
        invoice_history: { enabled: false },
        payment_method_update: { enabled: false },
        subscription_cancel: { enabled: true, mode: 'at_period_end', proration_behavior: 'none' },
        subscription_pause: { enabled: false },
        subscription_update: {
          enabled: false,
          default_allowed_updates: [],
          trial_update_behavior: 'end_trial',
        },
      },
      login_page: { enabled: false, url: null },
    });
    const updated = await under.stripe.billingPortal.configurations.update(created.id, {
      features: { invoice_history: { enabled: true } },
      metadata: { foo: 'bar' },
    });
    expect(updated.features).toEqual({ ...created.features, invoice_history: { enabled: true } });
    const [event] = (await under.stripe.events.list({ type: 'billing_portal.configuration.updated' })).data;
    expect(event?.data.previous_attributes).toMatchObject({
      features: { invoice_history: { enabled: false } },
    });
    const off = await under.stripe.billingPortal.configurations.update(created.id, { active: false });
    expect((await under.stripe.billingPortal.configurations.list({ active: true })).data).toEqual([]);
    expect((await under.stripe.billingPortal.configurations.list()).data).toEqual([off]);
  });

  it('lists only products and prices that are there and fit', async () => {
    const update = (
      products: Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate.Product[],
    ) =>
      under.stripe.billingPortal.configurations.create({
        features: { subscription_update: { enabled: true, default_allowed_updates: ['price'], products } },
      });
    const at = 'features[subscription_update][products]';
    expect(await refusalOf(update([]))).toMatchObject({ code: 'parameter_missing', param: at });
    expect(await refusalOf(update([{ product: 'prod_none', prices: [monthly.id] }]))).toMatchObject({
      message: "No such product: 'prod_none'",
      param: `${at}[0][product]`,
    });
    const other = await under.stripe.products.create({ name: 'other' });
    expect(await refusalOf(update([{ product: other.id, prices: [monthly.id] }]))).toMatchObject({
      param: `${at}[0][prices][0]`,
    });
    const nameless = under.stripe.billingPortal.configurations.create({
      features: { customer_update: { enabled: true, allowed_updates: [] } },
    });
    expect((await refusalOf(nameless)).param).toBe('features[customer_update][allowed_updates]');
  });
});

describe('a portal session', () => {
  it('makes the default configuration with the first one only', async () => {
    const said = await following(async () => {
      const first = await under.stripe.billingPortal.sessions.create({
        customer: customer.id,
        return_url: RETURN,
        expand: ['configuration'],
      });
      expect(first.id).toMatch(/^bps_1/);
      expect(first.url).toMatch(new RegExp(`^${under.url}/p/session/test_[0-9A-Za-z]{60}$`));
      expect(first).toMatchObject({ flow: null, return_url: RETURN, configuration: { is_default: true } });
      await under.stripe.billingPortal.sessions.create({ customer: customer.id });
    });
    expect(said).toEqual([
      'billing_portal.configuration.created',
      'billing_portal.session.created',
      'billing_portal.session.created',
    ]);
  });

  it('is refused as long as nobody saved the default', async () => {
    await under.stop();
    under = await startUnderTest({ settings: { portalDefaultSaved: false } });
    const { id } = await under.stripe.customers.create({});
    const refusal = await refusalOf(under.stripe.billingPortal.sessions.create({ customer: id }));
    expect(refusal.message).toBe(
      'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings in test mode at https://dashboard.stripe.com/test/settings/billing/portal.',
    );
    expect(
      (await refusalOf(under.stripe.billingPortal.sessions.create({ customer: 'cus_none' }))).message,
    ).toBe("No such customer: 'cus_none'");
    expect(
      (
        await refusalOf(
          under.stripe.billingPortal.sessions.create({ customer: id, configuration: 'bpc_none' }),
        )
      ).message,
    ).toBe("No such configuration: 'bpc_none'");
  });

  it('echoes a flow that the configuration and the subscription allow, and no other', async () => {
    const subscription = await subscribe();
    const configuration = (await under.stripe.billingPortal.configurations.create(everything())).id;
    const item = subscription.items.data[0]?.id ?? '';
    const create = (
      flow_data: Stripe.BillingPortal.SessionCreateParams.FlowData,
      configured = configuration,
    ) =>
      under.stripe.billingPortal.sessions.create({
        customer: customer.id,
        configuration: configured,
        flow_data,
      });
    const cancel = await create({
      type: 'subscription_cancel',
      subscription_cancel: { subscription: subscription.id },
      after_completion: { type: 'redirect', redirect: { return_url: RETURN } },
    });
    expect(cancel.flow).toEqual({
      after_completion: { hosted_confirmation: null, redirect: { return_url: RETURN }, type: 'redirect' },
      customer_update: null,
      subscription_cancel: { retention: null, subscription: subscription.id },
      subscription_pause: null,
      subscription_update: null,
      subscription_update_confirm: null,
      type: 'subscription_cancel',
    });
    expect((await create({ type: 'payment_method_update' })).flow).toMatchObject({
      after_completion: { type: 'portal_homepage' },
    });
    const confirm = (price: string) =>
      create({
        type: 'subscription_update_confirm',
        subscription_update_confirm: {
          subscription: subscription.id,
          items: [{ id: item, price, quantity: 1 }],
        },
      });
    expect((await confirm(yearly.id)).flow?.subscription_update_confirm?.items).toEqual([
      { id: item, price: yearly.id, quantity: 1 },
    ]);
    expect((await refusalOf(confirm(monthly.id))).message).toBe(
      'This subscription cannot be updated because there are no changes to confirm.',
    );
    const plain = await under.stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    const update: Stripe.BillingPortal.SessionCreateParams.FlowData = {
      type: 'subscription_update',
      subscription_update: { subscription: subscription.id },
    };
    expect((await create(update)).flow?.subscription_update).toEqual({ subscription: subscription.id });
    expect((await refusalOf(create(update, plain.id))).message).toBe(
      'This subscription cannot be updated because the subscription update feature in the portal configuration is disabled.',
    );
    const foreign = {
      type: 'subscription_cancel',
      subscription_cancel: { subscription: 'sub_none' },
    } as const;
    expect(await refusalOf(create(foreign))).toMatchObject({
      message: "No such subscription: 'sub_none'",
      param: 'flow_data[subscription_cancel][subscription]',
    });
  });

  it('expires unused after five minutes, or an hour after the last look', async () => {
    const move = (ms: number) =>
      fetch(`${under.url}/_control/settings`, { method: 'PUT', body: JSON.stringify({ clockOffsetMs: ms }) });
    const minute = 60_000;
    const unused = await openPortal();
    const used = await openPortal();
    expect(viewed(used).returnUrl).toBe(RETURN);
    await move(6 * minute);
    expect(under.sandbox.portal.view(unused)).toEqual({ outcome: 'expired', returnUrl: RETURN });
    expect(under.sandbox.portal.view(used).outcome).toBe('open');
    await move(65 * minute);
    expect(under.sandbox.portal.view(used).outcome).toBe('open');
    await move(126 * minute);
    expect(await under.sandbox.portal.resume(used, 'sub_any')).toEqual({ outcome: 'expired' });
    expect(under.sandbox.portal.view('test_none')).toEqual({ outcome: 'unknown_session' });
  });
});
