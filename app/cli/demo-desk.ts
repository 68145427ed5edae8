import { adjustByStaff } from '../modules/adjustments/index.server';
import { readBalance } from '../modules/ledger/index.server';
import { previewRefund, requestRefund } from '../modules/refunds/index.server';
import { type StripeSettings } from '../modules/stripe/index.server';
import { type RealmView } from '../modules/stripe/shared';
import { startReplay } from '../modules/webhooks/index.server';
import { type Db, inTransaction } from '../platform/db.server';
import { chargeOnce, findLostSale } from './demo-lost-sale';
import { OperatorError } from './operator-error';

export interface DemoDeskOptions {
  db: Db;
  settings: StripeSettings;
  realm: RealmView;
  sandboxUrl: string;
}

interface Staff {
  id: string;
  role: 'support';
}

/**
 * A day at the demo's support desk, by the doors that the console calls: credits for goodwill, two acts above what support
 * may do alone, a charge that a colleague made by hand in Stripe's Dashboard, a replay that was tried out. Done again, each
 * finds itself done.
 */
export async function workAtDemoDesk(options: DemoDeskOptions): Promise<void> {
  const { db } = options;
  const user = await db.user.findUniqueOrThrow({
    where: { email: 'support@demo.test' },
    select: { id: true },
  });
  const staff: Staff = { id: user.id, role: 'support' };
  await adjust(options, staff, {
    ...{ email: 'customer@demo.test', amount: 50n, key: '4c0a2a3e-8f0e-4f63-9c3c-6d6f1c1c0a01' },
    comment: 'The renders of Tuesday came out grey.',
  });
  await adjust(options, staff, {
    ...{ email: 'maya.lindqvist@demo.test', amount: 5_000n, key: '4c0a2a3e-8f0e-4f63-9c3c-6d6f1c1c0a02' },
    comment: 'A night of rendering was lost in the outage of the 18th.',
  });
  await askForRefund(options, staff, 'elif.demir@demo.test');
  await chargeByHand(options, 'maya.lindqvist@demo.test');
  await findLostSale(options);
  await tryReplay(options, staff);
}

async function customerOf(db: Db, email: string): Promise<string> {
  const customer = await db.customer.findFirst({ where: { email }, select: { id: true } });
  if (!customer) throw new OperatorError(`${email} is no customer.`);
  return customer.id;
}

async function adjust(
  { db, realm }: DemoDeskOptions,
  staff: Staff,
  { email, amount, key, comment }: { email: string; amount: bigint; key: string; comment: string },
): Promise<void> {
  const customerId = await customerOf(db, email);
  const { seq } = await readBalance(db, { book: realm.mode, customerId });
  await adjustByStaff(db, {
    ...{ book: realm.mode, customerId, direction: 'add', amount, expiresAt: null, expectedSeq: seq },
    ...{ key, actor: staff.id, role: staff.role, reason: 'service_failure', comment },
  });
}

/** Above support's limit, so it waits for a second person. */
async function askForRefund({ db, settings, realm }: DemoDeskOptions, staff: Staff, email: string) {
  const customerId = await customerOf(db, email);
  const sold = await db.payment.findFirst({
    where: { customerId, realmId: realm.id, kind: 'pack', state: 'paid' },
    orderBy: { createdAt: 'asc' },
    select: { id: true },
  });
  if (!sold) return;
  const preview = await inTransaction(db, 'preview refund', (tx) =>
    previewRefund(tx, { realmId: realm.id, paymentId: sold.id }),
  );
  // Something went back already: this was done.
  if (!preview || preview.refunded > 0n) return;
  await requestRefund(db, settings, {
    ...{ realm, paymentId: sold.id, amount: preview.left / 2n, key: preview.key },
    ...{ actor: staff.id, role: staff.role, reason: 'requested_by_customer' },
    comment: 'Bought twice by mistake, she needs one only.',
  });
}

/** Money of a known customer that no sale of ours stands for: its event is quarantined until a person assigns it. */
async function chargeByHand(options: DemoDeskOptions, email: string): Promise<void> {
  const { db, realm } = options;
  const known = await db.stripeCustomer.findFirst({
    where: { customerId: await customerOf(db, email), realmId: realm.id },
    select: { stripeId: true },
  });
  if (!known) return;
  await chargeOnce(options, {
    ...{ customer: known.stripeId, amount: 4900, description: 'Workshop, invoiced by phone' },
  });
}

/** A dry run: it changes nothing. */
async function tryReplay({ db, realm }: DemoDeskOptions, staff: Staff): Promise<void> {
  const done = await db.replay.count({ where: { realmId: realm.id } });
  if (done > 0) return;
  await inTransaction(db, 'try replay', (tx) =>
    startReplay(tx, {
      ...{ realmId: realm.id, actor: staff.id, dryRun: true },
      reason: 'What would a replay of all purchases do?',
      selection: { status: 'done', type: 'checkout.session.completed' },
    }),
  );
}
