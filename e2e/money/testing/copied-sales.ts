import { createPayment } from '../../../app/modules/payments/create-payment.server';
import { type SentEvent } from '../../../app/modules/payments/testing/driven-inbox';
import { readObject } from '../../../app/modules/stripe/index.server';
import { type ObjectRef, type StripeFact } from '../../../app/modules/stripe/shared';
import { type RealmReader } from '../../../app/modules/stripe/index.server';
import { type Db, inTransaction } from '../../../app/platform/db.server';
import { type Shop } from './sandbox-shop';

/**
 * Copies of a sale that the sandbox has lived: the same rows, events and objects under ids of their own, so that one life
 * at Stripe can come here in every order.
 */
const ID =
  /\b(?:pay|cst|sbo|cs_test|pi|seti|pm|ch|py|re|pyr|du|in|il|inpay|sub|si|cus|evt)_[A-Za-z0-9]{14,}/g;
const COPIED = /^(.+)x(\d+)$/;

/** Every id in a text, as the n-th copy has it. */
export const rename = (text: string, n: number): string => text.replaceAll(ID, (id) => `${id}x${String(n)}`);

export interface CopiedSale {
  paymentId: string;
  customerId: string;
  events: SentEvent[];
}

export async function copySale(
  db: Db,
  life: { paymentId: string; events: readonly SentEvent[] },
  n: number,
): Promise<CopiedSale> {
  const sale = await db.payment.findUniqueOrThrow({
    where: { id: life.paymentId },
    include: { customer: { include: { stripeCustomers: true } } },
  });
  const { realmId, kind, versionId, quantity, credits, currency, amountSubtotal, stripeSession } = sale;
  const [paymentId, customerId] = [rename(sale.id, n), rename(sale.customerId, n)];
  await inTransaction(db, 'copy sale', async (tx) => {
    await tx.customer.create({ data: { id: customerId, email: `${customerId}@example.test` } });
    await tx.stripeCustomer.createMany({
      data: sale.customer.stripeCustomers.map(({ stripeId }) => ({
        ...{ customerId, realmId, stripeId: rename(stripeId, n) },
      })),
    });
    await createPayment(
      tx,
      {
        ...{
          id: paymentId,
          customerId,
          realmId,
          kind,
          versionId,
          quantity,
          credits,
          currency,
          amountSubtotal,
        },
        ...{ state: 'open', stripeSession: rename(stripeSession ?? '', n) },
      },
      { reason: 'chose a pack', cause: 'test' },
    );
  });
  return { paymentId, customerId, events: life.events.map((event) => renamedEvent(event, n)) };
}

export const renamedEvent = ({ id, type, body }: SentEvent, n: number): SentEvent => ({
  type,
  ...{ id: rename(id, n), body: rename(body, n) },
});

/** Reads a copy as the sandbox showed its original when that was read first: a life is over before copies of it begin. */
export function copyReader({ realm, settings }: Pick<Shop, 'realm' | 'settings'>): RealmReader {
  const originals = new Map<string, Promise<StripeFact | undefined>>();
  const readObjectOfCopy = async ({ object, id }: ObjectRef): Promise<StripeFact | undefined> => {
    const [, original, n] = COPIED.exec(id) ?? [];
    if (original === undefined) throw new Error(`${id} is no copy.`);
    const name = `${object} ${original}`;
    const known = originals.get(name) ?? readObject(settings, { object, id: original });
    originals.set(name, known);
    const fact = structuredClone(await known);
    renameWithin(fact, Number(n));
    return fact;
  };
  return { realmId: realm.id, readObject: readObjectOfCopy };
}

function renameWithin(value: unknown, n: number): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (typeof part === 'string') Reflect.set(value, key, rename(part, n));
    else renameWithin(part, n);
  }
}
