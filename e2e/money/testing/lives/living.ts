import { refundBody } from '../../../../app/modules/stripe/index.server';
import { days } from '../../../../app/platform/time';
import { newId } from '../../../../app/platform/ids.server';
import { type DisputeDecision } from '../../../stripe-sandbox/sandbox-money-back';
import { type PayInput } from '../../../stripe-sandbox/sandbox';
import { advance } from '../../../stripe-sandbox/testing/billing';
import { until } from '../../../stripe-sandbox/testing/under-test';
import { type PlanCode, type PlanShop } from '../plan-shop';
import { CARD } from '../sandbox-shop';
import { LivingOnTopUps, SAVED } from './living-on-top-ups';
import { type Bought, type RecordedLife } from './recorded-life';

export interface Purchase {
  currency?: 'usd' | 'eur' | 'jpy';
  automaticTax?: boolean;
  percentOff?: number;
  pays?: Partial<PayInput>;
}

const SEPA: Partial<PayInput> = { method: 'sepa_debit', iban: 'AT611904300234573201' };
const DECLINED = '4000000000000002';

/** What a customer, the bank and the seller do at Stripe in one life, a moment each. */
export class Living extends LivingOnTopUps {
  get desk() {
    return this.shop.sandbox.sandbox.moneyBack;
  }

  private async open(purchase: Purchase): Promise<{ paymentId: string; session: string }> {
    const { customer, sales } = this.life;
    const started = await this.shop.checkout(customer, {
      ...(purchase.currency === undefined ? {} : { currency: purchase.currency }),
      automaticTax: purchase.automaticTax ?? false,
    });
    if (started.outcome !== 'redirect') throw new Error(started.outcome);
    sales.push(started.paymentId);
    const session = await this.shop.sessionOf(started.paymentId);
    if (purchase.percentOff !== undefined) await this.redeem(session, purchase.percentOff);
    return { paymentId: started.paymentId, session };
  }

  private async redeem(session: string, percentOff: number): Promise<void> {
    const { stripe, sandbox } = this.shop;
    const coupon = await stripe.coupons.create({ percent_off: percentOff, duration: 'once' });
    const promotion = { type: 'coupon', coupon: coupon.id } as const;
    const { code } = await stripe.promotionCodes.create({ promotion });
    const applied = sandbox.sandbox.checkout.applyPromotionCode(session, code);
    if (applied.outcome !== 'changed') throw new Error(`The code was ${applied.outcome}.`);
  }

  private async pay(session: string, input: Partial<PayInput> = {}): Promise<string> {
    const { email } = this.life.customer;
    const paid = await this.shop.sandbox.sandbox.checkout.pay(session, { ...CARD, email, ...input });
    return paid.outcome;
  }

  private bought({ paymentId, session }: { paymentId: string; session: string }): Bought {
    const row = this.shop.sandbox.sandbox.sessions.find(session);
    return { paymentId, session, intent: row?.paymentIntentId ?? '', paid: row?.amount ?? 0 };
  }

  async buy(purchase: Purchase = {}): Promise<Bought> {
    const opened = await this.open(purchase);
    await this.happens('a pack is paid', async () => {
      const outcome = await this.pay(opened.session, purchase.pays);
      if (outcome !== 'paid') throw new Error(`The sandbox says ${outcome}.`);
    });
    return this.bought(opened);
  }

  async buyAfterDecline(): Promise<Bought> {
    const opened = await this.open({});
    await this.happens('a card is declined', () => this.pay(opened.session, { cardNumber: DECLINED }));
    await this.happens('another card pays', () => this.pay(opened.session));
    return this.bought(opened);
  }

  async buyWithChallenge(): Promise<Bought> {
    const opened = await this.open({});
    await this.happens('a bank asks', () => this.pay(opened.session, { cardNumber: SAVED.alwaysAsks }));
    await this.happens('the bank is answered', () =>
      this.shop.sandbox.sandbox.checkout.answerChallenge(opened.session, 'complete'),
    );
    return this.bought(opened);
  }

  /** A bank debit, and the bank's answer to it; without one it stays open. */
  async buyByDebit(isPaid: boolean | undefined): Promise<Bought> {
    const opened = await this.open({ currency: 'eur' });
    await this.happens('a bank debit is ordered', () => this.pay(opened.session, SEPA));
    const bought = this.bought(opened);
    if (isPaid !== undefined)
      await this.happens(`the bank ${isPaid ? 'pays' : 'refuses'}`, () => {
        const { outcome } = this.shop.sandbox.sandbox.payments.answerDebit(bought.intent, isPaid);
        if (outcome !== 'done') throw new Error(`The debit is ${outcome}.`);
      });
    return bought;
  }

  /** A page that nobody pays: it expires, or stays open. */
  async leave(expires: boolean): Promise<void> {
    const { session } = await this.open({});
    if (expires)
      await this.happens('a page expires', () => this.shop.sandbox.sandbox.checkout.expire(session));
  }

  /** In the Dashboard. */
  async refund({ intent }: { intent: string }, amount?: number, isAtOnce = true): Promise<string> {
    return this.happens(`the Dashboard refunds ${amount ?? 'the rest'}`, async () => {
      const made = this.desk.refund(intent, amount);
      if (made.outcome !== 'refunded') throw new Error(`The sandbox says ${made.outcome}.`);
      if (isAtOnce) await this.onItsWay(made.refundId);
      return made.refundId;
    });
  }

  /** A chargeback stops a refund until then. `told`: names it. */
  private async onItsWay(told: string): Promise<void> {
    const { events } = this.shop.sandbox.sandbox;
    await until(() =>
      events
        .list({ limit: 100 })
        .rows.some((row) => row.type === 'refund.updated' && told.includes(row.objectId)),
    );
  }

  /** By our staff: Stripe's object names the row that it fulfils. */
  async refundByStaff(sale: { intent: string; paymentId?: string }, amount: number): Promise<void> {
    const { life, shop } = this;
    const row = newId('mbk');
    const body = refundBody({
      ...{ realmId: shop.realm.id, refundId: row, paymentId: sale.paymentId ?? newId('pay') },
      ...{ customerId: life.customer.id, stripeIntent: sale.intent, amount: BigInt(amount) },
      reason: 'requested_by_customer',
    });
    const asked = await this.happens(`our staff refunds ${amount}`, async () => {
      const made = await this.ask('/v1/refunds', { row, body, fields: ['payment_intent', 'amount'] });
      await this.onItsWay(made.answer.text);
      return made;
    });
    const { intent } = sale;
    life.deeds.push({ ...this.latest, does: 'refund', intent, amount: BigInt(amount), asked });
  }

  settleRefund(refund: string) {
    return this.happens('the bank settles a refund', () => this.desk.settleRefund(refund));
  }

  failRefund(refund: string) {
    return this.happens('the bank fails a refund', () => this.desk.failRefund(refund));
  }

  async dispute(
    { intent }: { intent: string },
    kind: 'chargeback' | 'inquiry' | 'bank_return',
    ...answers: DisputeDecision[]
  ): Promise<void> {
    const id = await this.happens(`${kind} opens`, () => {
      const made = this.desk.openDispute(
        intent,
        kind,
        kind === 'bank_return' ? 'debit_not_authorized' : 'fraudulent',
      );
      if (made.outcome !== 'opened') throw new Error(`The sandbox says ${made.outcome}.`);
      return made.disputeId;
    });
    for (const answer of answers)
      await this.happens(`the dispute is to ${answer}`, () => {
        const { outcome } = this.desk.answerDispute(id, answer);
        if (outcome !== 'answered') throw new Error(`The dispute is ${outcome}.`);
      });
  }

  async subscribe(code: PlanCode): Promise<string> {
    const { life, shop } = this;
    const started = await shop.start(life.customer, code);
    if (started.outcome !== 'redirect') throw new Error(started.outcome);
    life.orders.push(started.orderId);
    return this.happens(`the plan ${code} begins`, () => shop.payOrder(life.customer, started));
  }

  renew(subscription: string): Promise<void> {
    return this.happens('a period goes by', () => this.shop.renew(subscription));
  }

  /** What paid the latest invoice of a plan. */
  get lastPaid(): { intent: string } {
    const paid = this.said.findLast(({ type }) => type === 'payment_intent.succeeded');
    const [intent] = paid?.body.match(/\bpi_[A-Za-z0-9]{14,}/) ?? [];
    if (intent === undefined) throw new Error('Nothing was paid.');
    return { intent };
  }

  async declineFrom(subscription: string): Promise<void> {
    const { id } = await this.shop.cardOf(this.life.customer, 'pm_card_chargeCustomerFail');
    await this.shop.stripe.subscriptions.update(subscription, { default_payment_method: id });
  }

  async payOwed(subscription: string): Promise<void> {
    const { latest_invoice: invoice } = await this.shop.subscriptionAt(subscription);
    const card = await this.shop.cardOf(this.life.customer, 'pm_card_visa');
    if (typeof invoice !== 'string') throw new Error('Nothing is owed.');
    await this.happens('the owed invoice is paid', () =>
      this.shop.stripe.invoices.pay(invoice, { payment_method: card.id }),
    );
    await this.shop.stripe.subscriptions.update(subscription, { default_payment_method: card.id });
  }

  cancelAtEnd(subscription: string) {
    return this.happens('the plan is set to end', () =>
      this.shop.stripe.subscriptions.update(subscription, { cancel_at_period_end: true }),
    );
  }

  cancelNow(subscription: string) {
    return this.happens('the plan ends now', () => this.shop.stripe.subscriptions.cancel(subscription));
  }

  /** All tries of a failed renewal. */
  async giveUp(subscription: string): Promise<void> {
    const { test_clock: clock } = await this.shop.subscriptionAt(subscription);
    if (typeof clock !== 'string') throw new Error('It has no clock.');
    const { frozen_time: now } = await this.shop.stripe.testHelpers.testClocks.retrieve(clock);
    await this.happens('every further try fails', () =>
      advance(this.shop.stripe, clock, now + days(16) / 1000),
    );
  }
}

export async function record(
  shop: PlanShop,
  name: string,
  live: (living: Living) => Promise<void>,
  clock?: string,
): Promise<RecordedLife> {
  const living = new Living(shop, name, await shop.subscriber(clock));
  await live(living);
  return living.life;
}
