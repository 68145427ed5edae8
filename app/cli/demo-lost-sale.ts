import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { reconcile } from '../modules/reconciliation/index.server';
import { heldRealms, type StripeSettings } from '../modules/stripe/index.server';
import { type RealmView } from '../modules/stripe/shared';
import { type Db } from '../platform/db.server';
import { hours, seconds } from '../platform/time';
import { reconcilerOf } from '../worker/reconciler.server';
import { OperatorError } from './operator-error';

interface DemoAccount {
  db: Db;
  settings: StripeSettings;
  realm: RealmView;
  sandboxUrl: string;
}

interface Charge {
  /** A Stripe id. */
  customer?: string;
  /** In cents of US dollars. */
  amount: number;
  /** Names the charge: it is made once. */
  description: string;
  metadata?: Readonly<Record<string, string>>;
}

const intents = z.object({ data: z.array(z.object({ id: z.string(), description: z.string().nullable() })) });

/**
 * Charges a card at the sandbox as its account's owner could, and answers the PaymentIntent.
 * @throws OperatorError when the sandbox refuses
 */
export async function chargeOnce(
  { settings, sandboxUrl }: DemoAccount,
  { customer, amount, description, metadata = {} }: Charge,
): Promise<string> {
  const ask = (path: string, body?: URLSearchParams) =>
    fetch(`${sandboxUrl}/v1/${path}`, {
      headers: {
        Authorization: `Bearer ${settings.secretKey}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      signal: AbortSignal.timeout(seconds(10)),
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
  const of = customer === undefined ? '' : `customer=${customer}&`;
  const { data } = intents.parse(await (await ask(`payment_intents?${of}limit=100`)).json());
  const made = data.find((intent) => intent.description === description);
  if (made) return made.id;
  const answer = await ask(
    'payment_intents',
    new URLSearchParams({
      ...{ amount: String(amount), currency: 'usd', confirm: 'true', description },
      ...{ payment_method: 'pm_card_visa', ...(customer === undefined ? {} : { customer }) },
      ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value])),
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
    }),
  );
  if (!answer.ok) throw new OperatorError(`the sandbox refused a charge with ${answer.status}.`);
  return z.object({ id: z.string() }).parse(await answer.json()).id;
}

/** So much later nothing of the demo's first minutes is on its way to us any more. */
const LATER = hours(1);
const PATIENCE = seconds(15);

/**
 * Money at Stripe for a payment that this database does not know, as after the restore of a backup: the reconciliation
 * finds it, and staff see what a finding looks like.
 */
export async function findLostSale(account: DemoAccount): Promise<void> {
  const { db, realm } = account;
  if ((await db.finding.count({ where: { realmId: realm.id } })) > 0) return;
  const intent = await chargeOnce(account, {
    ...{ amount: 2000, description: 'Team, sold in the hour that a backup lacked' },
    metadata: { credence_payment: 'pay_00000000000000000000000000000000', credence_realm: realm.id },
  });
  await untilHeard(db, intent);
  const held = (await heldRealms()).find((one) => one.realm.id === realm.id);
  if (!held) return;
  const now = () => new Date(Date.now() + LATER);
  await reconcile(reconcilerOf(db, held, { now }), {
    ...{ plan: 'asked', actor: 'cli', kinds: ['payment_intent'], before: new Date(Date.now() + seconds(2)) },
    reason: 'A backup was restored this morning: what did it lack?',
  });
}

/** What is queued here is on its way, and no finding. */
async function untilHeard(db: Db, intent: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (Date.now() < deadline) {
    const heard = await db.event.findMany({
      where: { objectId: intent },
      select: { status: true },
      take: 10,
    });
    if (heard.length > 0 && heard.every(({ status }) => status !== 'queued')) return;
    await pause(seconds(0.1));
  }
}
