import { grant, spend } from '../../../app/modules/ledger/index.server';
import { type Dice } from '../../../app/modules/payments/testing/orders';
import { inTransaction } from '../../../app/platform/db.server';
import { newId } from '../../../app/platform/ids.server';
import { type reconcilingAt } from './reconciling-shop';
import { CARD } from './sandbox-shop';
import { type TestStore } from './store';

const FAILS_REFUNDS = { ...CARD, cardNumber: '4000000000005126' };
const IS_DISPUTED = { ...CARD, cardNumber: '4000000000000259' };
/** The pack: what it brings, and what it costs in cents. */
const [CREDITS, PRICE] = [2500n, 2000n];

/** One sale as it was lived, with what of it is broken. */
export interface BrokenLife {
  story: Story;
  paymentId: string;
  /** What the reconciler must name, and nothing else: kind and subject. */
  broken: { kind: string; subject: string }[];
  /** What its customer can spend once all is put right. */
  available: bigint;
  /** Whether its late events put it right as well. */
  isHeard: boolean;
}

export const STORIES = [
  ...(['whole', 'heard twice', 'never paid', 'refund heard', 'foreign money beside it'] as const),
  ...(['events dropped', 'never told of', 'refunded', 'refunded and spent', 'refunded in parts'] as const),
  ...(['never told of and refunded', 'refund failed', 'disputed', 'dispute won', 'paid twice'] as const),
  'granted by hand',
] as const;
export type Story = (typeof STORIES)[number];

/** Lives whose chances are the dice's. They are lived one after the other: the inbox is everyone's. */
export function brokenLivesAt(store: TestStore, at: ReturnType<typeof reconcilingAt>, dice: Dice) {
  const bank = () => store.shop.sandbox.sandbox.moneyBack;
  /** Of what is left of the price, at least a cent. */
  const part = (of: bigint) => BigInt(1 + dice.roll(Number(of)));
  const worth = (amount: bigint) => (CREDITS * amount) / PRICE;

  async function refund(paymentId: string, amount: bigint): Promise<string> {
    const made = bank().refund(await store.shop.intentOf(paymentId), Number(amount));
    if (made.outcome !== 'refunded') throw new Error(`The sandbox says ${made.outcome}.`);
    return made.refundId;
  }
  const revoked = (subject: string) => ({ kind: 'refunded_not_revoked', subject });
  const never = (subject: string) => ({ kind: 'never_generated', subject });

  /** What of it is broken, of a payment that brings `available` in the end. */
  type Lived = Omit<BrokenLife, 'story' | 'isHeard'> & { isHeard?: false };
  const fine = (paymentId: string, available = CREDITS): Lived => ({ paymentId, broken: [], available });

  const live: Record<Story, () => Promise<Lived>> = {
    whole: async () => fine(await at.heardSale()),
    'heard twice': async () => {
      const paymentId = await at.heardSale();
      await at.hear(paymentId);
      return fine(paymentId);
    },
    'never paid': async () => fine((await store.shop.checkout(await store.shop.newCustomer())).paymentId, 0n),
    'refund heard': async () => {
      const paymentId = await at.heardSale();
      const amount = part(PRICE);
      await refund(paymentId, amount);
      await at.hear(paymentId);
      return fine(paymentId, CREDITS - worth(amount));
    },
    'foreign money beside it': async () => {
      const paymentId = await at.heardSale();
      await pay({});
      return fine(paymentId);
    },
    'events dropped': async () => {
      const paymentId = await store.shop.sell();
      const driven = at.inbox();
      for (const event of await store.shop.eventsOf(paymentId)) await driven.deliver(event);
      await store.db.event.updateMany({
        where: { status: 'queued' },
        data: { status: 'dismissed', decidedAt: new Date() },
      });
      // They are decided: to hear them once more changes nothing.
      const broken = [{ kind: 'paid_not_granted', subject: paymentId }];
      return { paymentId, available: CREDITS, isHeard: false, broken };
    },
    'never told of': async () => {
      const paymentId = await store.shop.sell();
      return { paymentId, available: CREDITS, broken: [never(paymentId)] };
    },
    refunded: async () => {
      const paymentId = await at.heardSale();
      const amount = part(PRICE);
      const broken = [revoked(await refund(paymentId, amount))];
      return { paymentId, available: CREDITS - worth(amount), broken };
    },
    'refunded and spent': async () => {
      const paymentId = await at.heardSale();
      const [spent, amount] = [part(CREDITS), part(PRICE)];
      const { customerId } = await at.payment(paymentId);
      await spend(store.db, {
        ...{ book: 'test', customerId, amount: spent, key: newId('req'), actor: 'test' },
      });
      const broken = [revoked(await refund(paymentId, amount))];
      const left = CREDITS - spent - worth(amount);
      return { paymentId, available: left > 0n ? left : 0n, broken };
    },
    'refunded in parts': async () => {
      const paymentId = await at.heardSale();
      const first = part(PRICE - 1n);
      const second = part(PRICE - first);
      const broken = [revoked(await refund(paymentId, first)), revoked(await refund(paymentId, second))];
      return { paymentId, available: CREDITS - worth(first + second), broken };
    },
    'never told of and refunded': async () => {
      const paymentId = await store.shop.sell();
      const amount = part(PRICE);
      const broken = [never(paymentId), revoked(await refund(paymentId, amount))];
      return { paymentId, available: CREDITS - worth(amount), broken };
    },
    'refund failed': async () => {
      const paymentId = await at.heardSale(FAILS_REFUNDS);
      const subject = await refund(paymentId, part(PRICE));
      await at.hear(paymentId);
      bank().failRefund(subject);
      return { paymentId, available: CREDITS, broken: [{ kind: 'revoked_not_refunded', subject }] };
    },
    disputed: async () => {
      const { paymentId, disputeId: subject } = await at.disputedSale();
      return { paymentId, available: 0n, broken: [{ kind: 'disputed_not_held', subject }] };
    },
    'dispute won': async () => {
      const paymentId = await at.heardSale(IS_DISPUTED);
      const of = { payment_intent: await store.shop.intentOf(paymentId) };
      const subject = (await at.stripe().disputes.list(of)).data[0]?.id ?? 'none';
      bank().answerDispute(subject, 'win');
      return { paymentId, available: CREDITS, broken: [{ kind: 'dispute_ended_not_settled', subject }] };
    },
    'paid twice': async () => {
      const paymentId = await at.heardSale();
      const subject = await pay({ credence_payment: paymentId, credence_realm: store.shop.realm.id });
      // Its events name the other PaymentIntent.
      return { paymentId, available: CREDITS, isHeard: false, broken: [{ kind: 'paid_twice', subject }] };
    },
    'granted by hand': async () => {
      const { paymentId } = await store.shop.checkout(await store.shop.newCustomer());
      const { customerId } = await at.payment(paymentId);
      await inTransaction(store.db, 'by hand', (tx) =>
        grant(tx, {
          ...{ book: 'test', customerId, key: `grant:${paymentId}`, amount: CREDITS, lotKind: 'pack' },
          ...{ expiresAt: null, paymentId, paidMinor: 0n, currency: 'usd', actor: 'somebody' },
          occurredAt: new Date(),
        }),
      );
      const broken = [{ kind: 'granted_not_paid', subject: paymentId }];
      return { paymentId, available: CREDITS, isHeard: false, broken };
    },
  };

  async function pay(metadata: Record<string, string>): Promise<string> {
    const { id } = await at.stripe().paymentIntents.create({
      ...{ amount: Number(part(PRICE)) + 50, currency: 'usd', confirm: true, metadata },
      payment_method: 'pm_card_visa',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
    return id;
  }

  return async (story: Story): Promise<BrokenLife> => ({ story, isHeard: true, ...(await live[story]()) });
}
