import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK, PAYER, refusalOf, startUnderTest, until, type UnderTest } from '../testing/under-test';

let test: UnderTest;
let clockOffsetMs = 0;

beforeAll(async () => {
  test = await startUnderTest();
});
afterAll(() => test.stop());

async function pass(milliseconds: number): Promise<void> {
  clockOffsetMs += milliseconds;
  await fetch(`${test.url}/_control/settings`, { method: 'PUT', body: JSON.stringify({ clockOffsetMs }) });
}

type CodeParams = Omit<Stripe.PromotionCodeCreateParams, 'promotion'>;

async function codeFor(
  coupon: Stripe.CouponCreateParams,
  params: CodeParams = {},
): Promise<Stripe.PromotionCode> {
  const { id } = await test.stripe.coupons.create(coupon);
  return test.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: id }, ...params });
}

/** A session over 30.00 that starts with the discount. */
function discounted(
  discount: Stripe.Checkout.SessionCreateParams.Discount,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  return test.stripe.checkout.sessions.create({ ...PACK, discounts: [discount], ...more });
}

/** The types told of one object, oldest first. */
async function toldOf(id: string): Promise<string[]> {
  const { data } = await test.stripe.events.list({ limit: 100 });
  return data
    .filter((event) => 'id' in event.data.object && event.data.object.id === id)
    .map((event) => event.type)
    .reverse();
}

describe('coupons', () => {
  it('are made, renamed, listed and deleted, and told of each time', async () => {
    const coupon = await test.stripe.coupons.create({ id: 'SUMMER', percent_off: 12.5, name: 'Summer' });
    expect(coupon).toMatchObject({
      id: 'SUMMER',
      percent_off: 12.5,
      amount_off: null,
      currency: null,
      duration: 'once',
      duration_in_months: null,
      times_redeemed: 0,
      valid: true,
    });
    const renamed = await test.stripe.coupons.update('SUMMER', { name: 'Late summer', metadata: { a: '1' } });
    expect(renamed).toMatchObject({ name: 'Late summer', metadata: { a: '1' } });
    expect((await test.stripe.coupons.list({ limit: 1 })).data.map(({ id }) => id)).toEqual(['SUMMER']);
    expect(await test.stripe.coupons.del('SUMMER')).toEqual({
      id: 'SUMMER',
      object: 'coupon',
      deleted: true,
    });
    await expect(test.stripe.coupons.retrieve('SUMMER')).rejects.toThrow("No such coupon: 'SUMMER'");
    expect(await toldOf('SUMMER')).toEqual(['coupon.created', 'coupon.updated', 'coupon.deleted']);
  });

  it('show their products and other currencies only when asked', async () => {
    const product = await test.stripe.products.create({ name: 'Mug' });
    const { id } = await test.stripe.coupons.create({
      amount_off: 300,
      currency: 'usd',
      currency_options: { eur: { amount_off: 250 } },
      applies_to: { products: [product.id] },
    });
    expect(id).toMatch(/^\w{8}$/);
    const plain = await test.stripe.coupons.retrieve(id);
    expect(plain).not.toHaveProperty('applies_to');
    expect(plain).not.toHaveProperty('currency_options');
    expect(
      await test.stripe.coupons.retrieve(id, { expand: ['applies_to', 'currency_options'] }),
    ).toMatchObject({
      applies_to: { products: [product.id] },
      currency_options: { usd: { amount_off: 300 }, eur: { amount_off: 250 } },
    });
    const general = await test.stripe.coupons.create({ percent_off: 5, expand: ['applies_to'] });
    expect(general.applies_to ?? null).toBeNull();
  });

  it.each<[string, Stripe.CouponCreateParams]>([
    ['You must pass either `percent_off` or `amount_off`', {}],
    ['You may only specify one of these parameters', { percent_off: 5, amount_off: 5, currency: 'usd' }],
    ['You must pass currency when passing amount_off', { amount_off: 5 }],
    ['Invalid percent_off', { percent_off: 101 }],
    ['You must pass a positive `duration_in_months`', { percent_off: 5, duration: 'repeating' }],
    ['has to be in the future', { percent_off: 5, redeem_by: 1_000_000_000 }],
    ["No such product: 'prod_none'", { percent_off: 5, applies_to: { products: ['prod_none'] } }],
  ])('are refused when they make no sense: %s', async (message, params) => {
    expect((await refusalOf(test.stripe.coupons.create(params))).message).toContain(message);
  });
});

describe('promotion codes', () => {
  it('get a code of their own, are found by it and told of', async () => {
    const promotion = await codeFor({ percent_off: 20 });
    expect(promotion.code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/);
    expect(promotion).toMatchObject({
      active: true,
      promotion: { type: 'coupon', coupon: expect.any(String) as unknown },
      restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
      times_redeemed: 0,
    });
    const found = await test.stripe.promotionCodes.list({ code: promotion.code.toLowerCase() });
    expect(found.data.map(({ id }) => id)).toEqual([promotion.id]);
    await test.stripe.promotionCodes.update(promotion.id, { active: false });
    expect((await test.stripe.promotionCodes.list({ code: promotion.code, active: true })).data).toEqual([]);
    expect(await toldOf(promotion.id)).toEqual(['promotion_code.created', 'promotion_code.updated']);
  });

  it('name their coupon at the top when the request names no version', async () => {
    const coupon = await test.stripe.coupons.create({ percent_off: 5 });
    const send = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${test.url}/v1/promotion_codes`, {
        method: 'POST',
        headers: { Authorization: 'Bearer sk_test_1234567890abcdef', ...headers },
        body: new URLSearchParams({ coupon: coupon.id, code: 'OLDFORM' }),
      });
    const refused = await send({ 'Stripe-Version': '2026-10-28.endive' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('Received unknown parameter: coupon');
    expect((await send({})).status).toBe(200);
    const [made] = (await test.stripe.promotionCodes.list({ code: 'OLDFORM' })).data;
    expect(made?.promotion).toEqual({ type: 'coupon', coupon: coupon.id });
  });

  it('are unique while they are active', async () => {
    const first = await codeFor({ percent_off: 5 }, { code: 'ONLYONE' });
    await expect(codeFor({ percent_off: 5 }, { code: 'onlyone' })).rejects.toThrow('already exists');
    await test.stripe.promotionCodes.update(first.id, { active: false });
    await codeFor({ percent_off: 5 }, { code: 'ONLYONE' });
  });

  it('count a use when the session completes, not before, and stop at their maximum', async () => {
    const promotion = await codeFor({ percent_off: 50 }, { max_redemptions: 1 });
    const session = await discounted({ promotion_code: promotion.id });
    expect(session).toMatchObject({
      amount_subtotal: 3000,
      amount_total: 1500,
      discounts: [{ coupon: null, promotion_code: promotion.id }],
      total_details: { amount_discount: 1500 },
    });
    expect((await test.stripe.promotionCodes.retrieve(promotion.id)).times_redeemed).toBe(0);
    expect(await test.sandbox.checkout.pay(session.id, PAYER)).toMatchObject({ outcome: 'paid' });
    expect(await test.stripe.promotionCodes.retrieve(promotion.id)).toMatchObject({
      times_redeemed: 1,
      active: false,
    });
    const coupon = await test.stripe.coupons.retrieve(String(promotion.promotion.coupon));
    expect(coupon.times_redeemed).toBe(1);
    const refused = await refusalOf(discounted({ promotion_code: promotion.id }));
    expect(refused.code).toBe('coupon_expired');
    await expect(test.stripe.promotionCodes.update(promotion.id, { active: true })).rejects.toThrow(
      'cannot be activated',
    );
  });

  it('end at expires_at, and coupons at redeem_by', async () => {
    const soon = Math.floor((Date.now() + clockOffsetMs) / 1000) + 3600;
    const promotion = await codeFor({ percent_off: 5 }, { expires_at: soon });
    const coupon = await test.stripe.coupons.create({ percent_off: 5, redeem_by: soon });
    await pass(3_601_000);
    await until(async () => !(await test.stripe.promotionCodes.retrieve(promotion.id)).active);
    await until(async () => !(await test.stripe.coupons.retrieve(coupon.id)).valid);
    expect((await refusalOf(discounted({ coupon: coupon.id }))).code).toBe('coupon_expired');
  });

  it('keep to their restrictions', async () => {
    const use = (promotion: Stripe.PromotionCode, customer?: string): Promise<Stripe.Checkout.Session> =>
      discounted({ promotion_code: promotion.id }, customer === undefined ? {} : { customer });
    const restrictions = { minimum_amount: 3001, minimum_amount_currency: 'usd' };
    await expect(use(await codeFor({ percent_off: 5 }, { restrictions }))).rejects.toThrow(
      'below its minimum',
    );
    const euros = await codeFor({ amount_off: 500, currency: 'eur' });
    await expect(use(euros)).rejects.toThrow('not available in this currency');
    const mug = await test.stripe.products.create({ name: 'Mug' });
    const forMugs = await codeFor({ percent_off: 5, applies_to: { products: [mug.id] } });
    await expect(use(forMugs)).rejects.toThrow('does not apply');
    const [jenny, karl] = await Promise.all(
      ['jenny', 'karl'].map((name) => test.stripe.customers.create({ name, email: `${name}@example.com` })),
    );
    if (!jenny || !karl) throw new Error('Two customers are made.');
    const hers = await codeFor({ percent_off: 5 }, { customer: jenny.id });
    await expect(use(hers, karl.id)).rejects.toThrow('not for this customer');
    await expect(use(hers)).rejects.toThrow('not for this customer');
    const first = await codeFor({ percent_off: 5 }, { restrictions: { first_time_transaction: true } });
    const session = await use(first, jenny.id);
    await test.sandbox.checkout.pay(session.id, PAYER);
    await expect(use(first, jenny.id)).rejects.toThrow('prior transactions');
    expect((await use(first, karl.id)).amount_total).toBe(2850);
  });
});

describe('discounted sessions', () => {
  it('take one discount, and none beside promotion codes', async () => {
    const { id: coupon } = await test.stripe.coupons.create({ percent_off: 5 });
    await expect(discounted({ coupon }, { allow_promotion_codes: true })).rejects.toThrow(
      'You may only specify one of these parameters: allow_promotion_codes, discounts.',
    );
    const two = [{ coupon }, { coupon }];
    await expect(test.stripe.checkout.sessions.create({ ...PACK, discounts: two })).rejects.toThrow(
      'up to 1',
    );
    expect((await refusalOf(discounted({ coupon: 'NONE' }))).code).toBe('resource_missing');
  });

  it('say what each line and the whole got, when asked', async () => {
    const { id: coupon } = await test.stripe.coupons.create({ amount_off: 1000, currency: 'usd' });
    const [line] = PACK.line_items ?? [];
    if (!line) throw new Error('The pack has a line.');
    const session = await discounted({ coupon }, { line_items: [line, { ...line, quantity: 1 }] });
    const read = await test.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['total_details.breakdown', 'line_items.data.discounts'],
    });
    expect(read).toMatchObject({ amount_subtotal: 4500, amount_total: 3500, discounts: [{ coupon }] });
    const lines = read.line_items?.data ?? [];
    expect(lines.map((one) => one.amount_discount)).toEqual([666, 334]);
    expect(lines.map((one) => one.discounts?.[0]?.amount)).toEqual([666, 334]);
    const [whole] = read.total_details?.breakdown?.discounts ?? [];
    expect(whole).toMatchObject({
      amount: 1000,
      discount: { object: 'discount', checkout_session: session.id, source: { coupon, type: 'coupon' } },
    });
    expect(session.total_details).not.toHaveProperty('breakdown');
  });

  it('charge what is left, and nothing when nothing is left', async () => {
    const half = await test.stripe.coupons.create({ percent_off: 50, max_redemptions: 1 });
    const session = await discounted({ coupon: half.id });
    await test.sandbox.checkout.pay(session.id, PAYER);
    const paid = await test.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(paid.payment_intent).toMatchObject({ amount: 1500, amount_received: 1500 });
    expect(await test.stripe.coupons.retrieve(half.id)).toMatchObject({ times_redeemed: 1, valid: false });
    expect((await refusalOf(discounted({ coupon: half.id }))).code).toBe('coupon_expired');
    const all = await test.stripe.coupons.create({ percent_off: 100 });
    const free = await discounted({ coupon: all.id });
    expect(await test.sandbox.checkout.pay(free.id, { ...PAYER, cardNumber: '' })).toMatchObject({
      outcome: 'paid',
    });
    const done = await test.stripe.checkout.sessions.retrieve(free.id);
    expect(done).toMatchObject({
      status: 'complete',
      amount_total: 0,
      payment_intent: null,
      payment_status: 'no_payment_required',
      total_details: { amount_discount: 3000 },
    });
    expect(await toldOf(String(done.customer))).toEqual(['customer.created', 'customer.updated']);
    expect(await toldOf(free.id)).toEqual(['checkout.session.completed']);
  });

  it('refuse a total below what can be charged', async () => {
    const { id: coupon } = await test.stripe.coupons.create({ amount_off: 2970, currency: 'usd' });
    expect((await refusalOf(discounted({ coupon }))).code).toBe('amount_too_small');
  });

  it('that many hold at once pay as often as the code may be used, and no more', async () => {
    const promotion = await codeFor({ percent_off: 50 }, { max_redemptions: 2 });
    const open = await Promise.all([1, 2, 3, 4].map(() => discounted({ promotion_code: promotion.id })));
    const [first, ...others] = open.map(({ id }) => id);
    const onPage = await test.sandbox.checkout.pay(first ?? '', PAYER);
    const confirm = { payment_method: 'pm_card_visa', expected_amount: 1500 };
    const path = (id: string): string => `/v1/payment_pages/${id}/confirm`;
    const raced = await Promise.allSettled(
      others.map((id) => test.stripe.rawRequest('POST', path(id), confirm)),
    );
    expect(onPage).toMatchObject({ outcome: 'paid' });
    expect(raced.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(raced.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { statusCode: 400, code: 'coupon_expired' },
    });
    expect(await test.stripe.promotionCodes.retrieve(promotion.id)).toMatchObject({ times_redeemed: 2 });
    const left = others[raced.findIndex(({ status }) => status === 'rejected')] ?? '';
    expect(await test.sandbox.checkout.pay(left, PAYER)).toMatchObject({ outcome: 'declined' });
  });

  it('keep the discount of a coupon that is deleted meanwhile', async () => {
    const { id: coupon } = await test.stripe.coupons.create({ percent_off: 10 });
    const session = await discounted({ coupon });
    await test.stripe.coupons.del(coupon);
    const changed = await test.stripe.checkout.sessions.update(session.id, { metadata: { a: 'b' } });
    expect(changed.amount_total).toBe(2700);
    expect(await test.sandbox.checkout.pay(session.id, PAYER)).toMatchObject({ outcome: 'paid' });
  });
});
