import { createHash } from 'node:crypto';

import { grant } from '~/modules/ledger/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type Prisma } from '../../../../prisma/generated/client';
import { type RealmRef } from '../shared';

/** Rows for tests of the console, written as the rooms that own them write them. */
export async function makeRealm(db: Db, mode: 'test' | 'live' = 'test'): Promise<string> {
  const id = newId('rlm');
  await db.realm.create({ data: { id, account: `acct_${id}`, mode, name: 'Shop', sells: false } });
  return id;
}

/** The realm as the pages get it. */
export const realmRef = (id: string, mode: 'test' | 'live' = 'test'): RealmRef => ({
  id,
  account: `acct_${id}`,
  mode,
  name: 'Shop',
});

export async function makeCustomer(
  db: Db,
  data: Partial<Prisma.CustomerUncheckedCreateInput> = {},
): Promise<string> {
  const id = data.id ?? newId('cst');
  await db.customer.create({ data: { email: `${id}@example.test`, ...data, id } });
  return id;
}

export async function makePayment(
  db: Db,
  data: Pick<Prisma.PaymentUncheckedCreateInput, 'realmId' | 'customerId'> &
    Partial<Prisma.PaymentUncheckedCreateInput>,
): Promise<string> {
  const id = data.id ?? newId('pay');
  await db.payment.create({
    data: { kind: 'pack', credits: 500n, currency: 'usd', amountSubtotal: 500n, ...data, id },
  });
  return id;
}

/** What a paid payment must name. */
export const paid = (at: Date) => ({
  state: 'paid' as const,
  paidAt: at,
  amountPaid: 500n,
  moneyObject: `pi_${newId('pay').slice(4)}`,
});

export async function makeEvent(
  db: Db,
  data: Pick<Prisma.EventUncheckedCreateInput, 'realmId'> & Partial<Prisma.EventUncheckedCreateInput>,
): Promise<string> {
  const id = data.id ?? `evt_${newId('pay').slice(4)}`;
  const payload = JSON.stringify({ id, object: 'event' });
  await db.event.create({
    data: {
      type: 'payment_intent.succeeded',
      created: new Date(),
      payload,
      sha: createHash('sha256').update(payload).digest(),
      ...data,
      id,
    },
  });
  return id;
}

export async function makeDelivery(
  db: Db,
  data: Partial<Prisma.DeliveryUncheckedCreateInput> & Pick<Prisma.DeliveryUncheckedCreateInput, 'verdict'>,
): Promise<bigint> {
  const { id } = await db.delivery.create({
    data: { status: 200, path: '/webhooks/stripe', bytes: 100, ms: 2, ...data },
    select: { id: true },
  });
  return id;
}

/** Five hundred credits for a payment, as the event that settled it grants them. */
export async function grantFor(db: Db, customerId: string, paymentId: string) {
  const granted = await inTransaction(db, 'grant', (tx) =>
    grant(tx, {
      book: 'test',
      customerId,
      key: `grant:${paymentId}`,
      amount: 500n,
      lotKind: 'pack',
      expiresAt: null,
      paymentId,
      paidMinor: 500n,
      currency: 'usd',
      actor: 'event:evt_paid',
      occurredAt: new Date(Date.UTC(2026, 0, 5, 12)),
    }),
  );
  if (granted.outcome !== 'granted') throw new Error(granted.outcome);
  return granted;
}
