import * as z from 'zod';

import { cardPageBody, topUpBody } from '../../../../app/modules/stripe/index.server';
import { newId } from '../../../../app/platform/ids.server';
import { CARD } from '../sandbox-shop';
import { type Asked, type Bought, type Deed, Recorder, type Terms } from './recorded-life';

/** A saved card that does what the bank behind it does. */
export const SAVED = {
  visa: '4242424242424242',
  declined: '4000000000000341',
  alwaysAsks: '4000002760003184',
} as const;

const APP = 'http://127.0.0.1:3999';
/** One pack for a top-up, in smallest units. */
export const STARTER = { code: 'starter', credits: 500n, amount: { usd: 500n, jpy: 780n } } as const;

const paidIntent = z.object({ id: z.string(), amount_received: z.int() });
const refusedIntent = z.object({ error: z.object({ payment_intent: paidIntent }) });
const page = z.object({ id: z.string() });

/** What happens in one life to a customer who lets a saved card buy credits that run low. */
export class LivingOnTopUps extends Recorder {
  /** Of all consents so far, so that the month's limit of each lets through what is bought under it and no more. */
  private boughtSoFar = 0n;
  private terms: Terms = { currency: 'usd', threshold: 100n, monthlyCap: 0n };
  private session = '';
  private card = '';

  private get whose() {
    const { id: customerId, stripeCustomer } = this.life.customer;
    return { realmId: this.shop.realm.id, customerId, stripeCustomer };
  }

  private agreed(terms: Omit<Terms, 'monthlyCap'>, purchases: number, asked: Asked | undefined): void {
    const monthlyCap = (this.boughtSoFar + BigInt(purchases)) * STARTER.amount[terms.currency];
    this.terms = { ...terms, monthlyCap };
    const deed: Deed = { ...this.latest, does: 'agree', terms: this.terms, asked };
    this.life.deeds.push(deed);
  }

  /** To so many purchases, with a card that is to be saved on a page of Stripe's. */
  async agree(purchases: number, terms: Omit<Terms, 'monthlyCap'> = this.terms): Promise<void> {
    const row = newId('cds');
    const { currency } = terms;
    const urls = {
      successUrl: `${APP}/settings/auto-top-up?setup=${row}`,
      cancelUrl: `${APP}/settings/auto-top-up`,
    };
    const body = cardPageBody({ ...this.whose, setupId: row, currency, ...urls });
    const asked = await this.happens('a page for a card opens', () =>
      this.ask('/v1/checkout/sessions', { row, body, fields: ['customer', 'mode', 'currency'] }),
    );
    this.session = page.parse(JSON.parse(asked.answer.text)).id;
    this.agreed(terms, purchases, asked);
  }

  /** With the card that is saved already. */
  async agreeAnew(purchases: number): Promise<void> {
    await this.happens('the customer agrees anew', () => undefined);
    this.agreed(this.terms, purchases, undefined);
  }

  /** On the page, its bank's question answered where it asks one. */
  async saveCard(cardNumber: string = SAVED.visa): Promise<void> {
    const { checkout } = this.shop.sandbox.sandbox;
    const { session } = this;
    await this.happens('a card is saved', async () => {
      const tried = await checkout.pay(session, { ...CARD, email: this.life.customer.email, cardNumber });
      const { outcome } =
        tried.outcome === 'challenge' ? await checkout.answerChallenge(session, 'complete') : tried;
      if (outcome !== 'paid') throw new Error(`The sandbox says ${outcome}.`);
    });
    const { setup_intent: setup } = await this.shop.stripe.checkout.sessions.retrieve(session, {
      expand: ['setup_intent'],
    });
    const method = setup !== null && typeof setup === 'object' ? setup.payment_method : null;
    if (typeof method !== 'string') throw new Error('No card was saved.');
    this.card = method;
  }

  /** Nobody saves a card there. */
  async leavePage(): Promise<void> {
    await this.happens('the page for a card expires', () =>
      this.shop.sandbox.sandbox.checkout.expire(this.session),
    );
  }

  async removeCard(): Promise<void> {
    await this.happens('the saved card is removed', () => this.shop.stripe.paymentMethods.detach(this.card));
  }

  /** The credits have run low: our worker charges the saved card. */
  async topUp(): Promise<Bought> {
    const row = newId('pay');
    const { currency } = this.terms;
    const body = topUpBody({
      ...{ ...this.whose, paymentId: row, packCode: STARTER.code, stripeMethod: this.card },
      ...{ amount: STARTER.amount[currency], currency, description: 'Starter: 500 credits' },
    });
    const asked = await this.happens('a top-up is bought', () =>
      this.ask('/v1/payment_intents', {
        ...{ row, body },
        fields: ['customer', 'payment_method', 'amount', 'currency', 'off_session', 'confirm'],
      }),
    );
    this.life.deeds.push({ ...this.latest, does: 'top_up', asked });
    const said: unknown = JSON.parse(asked.answer.text);
    const isPaid = asked.answer.status === 200;
    const intent = isPaid ? paidIntent.parse(said) : refusedIntent.parse(said).error.payment_intent;
    if (isPaid) this.boughtSoFar += 1n;
    return { paymentId: row, session: '', intent: intent.id, paid: intent.amount_received };
  }

  /** A charge that its bank asked about is confirmed by the customer after all. */
  async confirmLater({ intent }: { intent: string }): Promise<void> {
    const { stripe, sandbox } = this.shop;
    await this.happens('the customer answers the bank', async () => {
      await stripe.paymentIntents.confirm(intent, { payment_method: this.card, return_url: APP });
      const { outcome } = sandbox.sandbox.intents.answer(intent, 'complete');
      if (outcome !== 'answered') throw new Error(`The sandbox says ${outcome}.`);
    });
    this.boughtSoFar += 1n;
  }
}
