import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK, PAYER, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest();
});
afterAll(() => test.stop());

const read = (id: string): Promise<Stripe.Checkout.Session> => test.stripe.checkout.sessions.retrieve(id);

const open = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}): Promise<Stripe.Checkout.Session> =>
  test.stripe.checkout.sessions.create({ ...PACK, allow_promotion_codes: true, ...more });

async function code(
  coupon: Stripe.CouponCreateParams,
  params: Omit<Stripe.PromotionCodeCreateParams, 'promotion'> = {},
): Promise<string> {
  const { id } = await test.stripe.coupons.create(coupon);
  const made = await test.stripe.promotionCodes.create({
    promotion: { type: 'coupon', coupon: id },
    ...params,
  });
  return made.code;
}

describe('a promotion code typed on the page', () => {
  it('counts the total again, in any case, and gives way to the next one', async () => {
    const [tenth, half] = [await code({ percent_off: 10 }), await code({ percent_off: 50 })];
    const { id } = await open();
    expect(test.sandbox.checkout.applyPromotionCode(id, ` ${tenth.toLowerCase()} `)).toEqual({
      outcome: 'changed',
    });
    expect(await read(id)).toMatchObject({ amount_total: 2700, total_details: { amount_discount: 300 } });
    test.sandbox.checkout.applyPromotionCode(id, half);
    const session = await read(id);
    expect(session).toMatchObject({ amount_total: 1500 });
    expect(session.discounts).toHaveLength(1);
    expect(test.sandbox.checkout.removePromotionCode(id)).toEqual({ outcome: 'changed' });
    expect(await read(id)).toMatchObject({ amount_total: 3000, discounts: [] });
  });

  it('is what the customer pays, also after a declined try at the full price', async () => {
    const half = await code({ percent_off: 50 });
    const { id } = await open();
    await test.sandbox.checkout.pay(id, { ...PAYER, cardNumber: '4000000000000002' });
    test.sandbox.checkout.applyPromotionCode(id, half);
    expect(await test.sandbox.checkout.pay(id, PAYER)).toMatchObject({ outcome: 'paid' });
    const done = await test.stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] });
    expect(done).toMatchObject({
      amount_total: 1500,
      payment_intent: { amount: 1500, amount_received: 1500 },
    });
    expect((await test.stripe.promotionCodes.list({ code: half })).data[0]?.times_redeemed).toBe(1);
    expect(test.sandbox.checkout.applyPromotionCode(id, half)).toEqual({ outcome: 'closed' });
  });

  it.each<[string, () => Promise<string>]>([
    ['nobody made', () => Promise.resolve('NOSUCHCODE')],
    ['is switched off', () => code({ percent_off: 5 }, { active: false })],
    ['is in another currency', () => code({ amount_off: 100, currency: 'eur' })],
    [
      'needs a larger order',
      () =>
        code({ percent_off: 5 }, { restrictions: { minimum_amount: 3001, minimum_amount_currency: 'usd' } }),
    ],
    ['leaves less than can be charged', () => code({ amount_off: 2960, currency: 'usd' })],
  ])('is refused when it %s, and changes nothing', async (_why, made) => {
    const { id } = await open();
    expect(test.sandbox.checkout.applyPromotionCode(id, await made())).toMatchObject({ outcome: 'refused' });
    expect(await read(id)).toMatchObject({ amount_total: 3000, discounts: [] });
  });

  it('is refused by a session that asks for none, and a discount of the seller stays', async () => {
    const { id: coupon } = await test.stripe.coupons.create({ percent_off: 10 });
    const { id } = await test.stripe.checkout.sessions.create({ ...PACK, discounts: [{ coupon }] });
    const other = await code({ percent_off: 50 });
    expect(test.sandbox.checkout.applyPromotionCode(id, other)).toMatchObject({ outcome: 'refused' });
    test.sandbox.checkout.removePromotionCode(id);
    expect(await read(id)).toMatchObject({ amount_total: 2700, discounts: [{ coupon }] });
  });
});

describe('an adjustable quantity', () => {
  it('is changed on the page within its bounds, and the total with it', async () => {
    const [line] = PACK.line_items ?? [];
    const adjustable = { enabled: true, minimum: 1, maximum: 5 };
    const { id } = await open({ line_items: [{ ...line, adjustable_quantity: adjustable }] });
    const { data } = await test.stripe.checkout.sessions.listLineItems(id);
    expect(data[0]).toMatchObject({ quantity: 2, adjustable_quantity: adjustable });
    const change = (quantity: number) =>
      test.sandbox.checkout.changeQuantity(id, data[0]?.id ?? '', quantity);
    expect(change(5)).toEqual({ outcome: 'changed' });
    expect(await read(id)).toMatchObject({ amount_subtotal: 7500, amount_total: 7500 });
    for (const quantity of [0, 6, 1.5]) expect(change(quantity)).toMatchObject({ outcome: 'refused' });
    const fixed = await open();
    const lines = await test.stripe.checkout.sessions.listLineItems(fixed.id);
    const refused = test.sandbox.checkout.changeQuantity(fixed.id, lines.data[0]?.id ?? '', 3);
    expect(refused).toMatchObject({ outcome: 'refused' });
  });
});

describe('an expired session that may be recovered', () => {
  it('starts again as a new session that sells the same and names the old one', async () => {
    const { id } = await open({
      allow_promotion_codes: false,
      after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } },
    });
    await test.stripe.checkout.sessions.expire(id);
    const { after_expiration: after } = await read(id);
    const token = after?.recovery?.url?.split('/').at(-1) ?? '';
    const url = test.sandbox.checkout.recover(token) ?? '';
    const session = await read(url.split('/').at(-1) ?? '');
    expect(session).toMatchObject({
      status: 'open',
      amount_total: 3000,
      recovered_from: id,
      allow_promotion_codes: true,
      metadata: { order: '7' },
      after_expiration: { recovery: { enabled: true, url: null, expires_at: null } },
    });
    expect(await test.sandbox.checkout.pay(session.id, PAYER)).toMatchObject({ outcome: 'paid' });
    const done = await test.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(done.payment_intent).toMatchObject({ metadata: { payment: 'pay_7' } });
    expect(test.sandbox.checkout.recover('nosuchtoken')).toBeNull();
  });
});

describe('custom fields', () => {
  it('keep what the customer filled in', async () => {
    const { id } = await open({
      custom_fields: [
        { key: 'team', type: 'text', label: { type: 'custom', custom: 'Team' } },
        { key: 'seats', type: 'numeric', label: { type: 'custom', custom: 'Seats' }, optional: true },
        {
          key: 'size',
          type: 'dropdown',
          label: { type: 'custom', custom: 'Size' },
          dropdown: { options: [{ label: 'Small', value: 's' }] },
        },
      ],
    });
    await test.sandbox.checkout.pay(id, { ...PAYER, customFields: { team: 'Red', size: 's' } });
    const { custom_fields: fields } = await read(id);
    expect(fields.map((field) => field.text?.value ?? field.dropdown?.value ?? null)).toEqual([
      'Red',
      null,
      's',
    ]);
  });
});

/** The last test of this file: the sandbox's clock does not come back. */
it('an expired session can be taken up again for thirty days', async () => {
  const { id } = await open({ after_expiration: { recovery: { enabled: true } } });
  await test.stripe.checkout.sessions.expire(id);
  const { after_expiration: after, created } = await read(id);
  const days = ((after?.recovery?.expires_at ?? 0) - created) / 86_400;
  expect(Math.round(days)).toBe(30);
  const token = after?.recovery?.url?.split('/').at(-1) ?? '';
  const pass = (clockOffsetMs: number): Promise<Response> =>
    fetch(`${test.url}/_control/settings`, { method: 'PUT', body: JSON.stringify({ clockOffsetMs }) });
  await pass(29 * 86_400_000);
  expect(test.sandbox.checkout.recover(token)).toContain('/c/pay/cs_test_');
  await pass(31 * 86_400_000);
  expect(test.sandbox.checkout.recover(token)).toBeNull();
});
