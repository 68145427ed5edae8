import { readBalance } from '../../../app/modules/ledger/index.server';
import { drivenInbox } from '../../../app/modules/payments/testing/driven-inbox';
import { dismissFinding } from '../../../app/modules/reconciliation/index.server';
import { inTransaction } from '../../../app/platform/db.server';
import { clientFor } from '../../stripe-sandbox/testing/under-test';
import { reconcilerAt } from './reconciling';
import { CARD } from './sandbox-shop';
import { type TestStore } from './store';

/** Who repairs. */
export const by = { actor: 'usr_support', reason: 'checked', comment: 'compared both sides' } as const;

/** A store's sales, told of or not, and what runs found about them. */
export function reconcilingAt(store: TestStore) {
  const deps = () => reconcilerAt(store.db, store.shop);
  const stripe = () => clientFor(store.shop.sandbox.url, { key: store.shop.settings.secretKey });
  const inbox = () => drivenInbox(store.db, store.shop.realm, store.shop.reader);
  const payment = (id: string) => store.db.payment.findUniqueOrThrow({ where: { id } });

  const available = async (paymentId: string) => {
    const { customerId } = await payment(paymentId);
    return (await readBalance(store.db, { book: 'test', customerId })).available;
  };

  const hear = async (paymentId: string): Promise<void> => {
    const driven = inbox();
    for (const event of await store.shop.eventsOf(paymentId)) await driven.deliver(event);
    await driven.settle();
  };

  /** A sale whose events all came. */
  const heardSale = async (card = CARD): Promise<string> => {
    const paymentId = await store.shop.sell(card);
    await hear(paymentId);
    return paymentId;
  };

  /** A sale by a card that is disputed at once, of which all was heard but the dispute. */
  const disputedSale = async (): Promise<{ paymentId: string; disputeId: string }> => {
    const paymentId = await store.shop.sell({ ...CARD, cardNumber: '4000000000000259' });
    const driven = inbox();
    for (const event of await store.shop.eventsOf(paymentId))
      if (!event.type.startsWith('charge.dispute')) await driven.deliver(event);
    await driven.settle();
    const of = { payment_intent: await store.shop.intentOf(paymentId) };
    const [dispute] = (await stripe().disputes.list(of)).data;
    return { paymentId, disputeId: dispute?.id ?? 'none' };
  };

  /** To which some objects cannot be read, now or ever. */
  const failingAt = (isLost: (ref: { object: string; id: string }) => boolean) => {
    const whole = deps();
    const readObject: typeof whole.readObject = (ref) =>
      isLost(ref) ? Promise.reject(new TypeError(`${ref.id} is not readable`)) : whole.readObject(ref);
    return { ...whole, readObject };
  };

  const findingOf = async (subject: string) =>
    store.db.finding.findFirstOrThrow({ where: { subject }, orderBy: { createdAt: 'desc' } });

  /** As finance, unless it is said otherwise. */
  const dismiss = (findingId: string, as: Partial<Parameters<typeof dismissFinding>[1]> = {}) =>
    inTransaction(store.db, 'dismiss', (tx) =>
      dismissFinding(tx, {
        ...{ findingId, realm: store.shop.realm, ...by, actor: 'usr_ledgers', role: 'finance' },
        ...{ reason: 'agreed', ...as },
      }),
    );

  return {
    ...{
      deps,
      stripe,
      inbox,
      payment,
      available,
      hear,
      heardSale,
      disputedSale,
      failingAt,
      findingOf,
      dismiss,
    },
  };
}
