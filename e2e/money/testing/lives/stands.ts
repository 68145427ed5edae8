import * as z from 'zod';

import { type Db } from '../../../../app/platform/db.server';
import { type RecordedLife } from './recorded-life';
import { type MustEnd } from './reckoning';

/** Somebody whose life has been lived here, and how the ids of that life are written here. */
export interface Lived {
  copy: { life: RecordedLife; customerId: string; as: (text: string) => string };
  /** What the ledger said was spent, and captured. Credits. */
  spent: bigint;
  /** Refunds that our staff asked for. */
  asked: number;
}

/** Everything that stands here of one customer, beside what must. */
export interface Stands {
  one: Lived;
  copy: Lived['copy'];
  must: MustEnd;
  rows: Rows;
}

const BY_ID = { id: 'asc' } as const;

async function readRows(db: Db, customers: readonly Lived[]) {
  const ids = customers.map(({ copy }) => copy.customerId);
  const events = customers.flatMap(({ copy }) => copy.life.events.map(({ id }) => copy.as(id)));
  const [payments, wallets, subscriptions, orders, rules, cards, said, lastAttempts] = await Promise.all([
    db.payment.findMany({
      where: { customerId: { in: ids } },
      orderBy: BY_ID,
      include: {
        moneyBacks: { orderBy: BY_ID, include: { changes: { orderBy: { n: 'asc' } } } },
        ...{
          changes: { orderBy: { n: 'asc' } },
          lots: { orderBy: BY_ID },
          transfers: { orderBy: BY_ID },
          claim: true,
          topUp: { include: { consent: true, card: true } },
          proof: true,
        },
      },
    }),
    db.wallet.findMany({
      where: { customerId: { in: ids } },
      include: { freezes: true, holds: { orderBy: BY_ID } },
    }),
    db.subscription.findMany({ where: { customerId: { in: ids } }, orderBy: BY_ID }),
    db.subscriptionOrder.findMany({ where: { customerId: { in: ids } }, orderBy: BY_ID }),
    db.topUpRule.findMany({
      where: { customerId: { in: ids } },
      include: { changes: { orderBy: { n: 'asc' } }, consents: { orderBy: { n: 'asc' } } },
    }),
    db.savedCard.findMany({ where: { customerId: { in: ids } }, orderBy: BY_ID }),
    db.event.findMany({ where: { id: { in: events } }, omit: { payload: true } }),
    db.attempt.groupBy({ by: ['eventId', 'run'], where: { eventId: { in: events } }, _count: true }),
  ]);
  const spent = await spentOf(db, ids);
  const rows = payments.flatMap(({ moneyBacks }) => moneyBacks.map(({ id }) => id));
  const audits = await db.audit.findMany({ where: { subject: { in: rows } }, orderBy: { seq: 'asc' } });
  const mails = await mailsOf(
    db,
    [...payments, ...rules].map(({ id }) => id),
  );
  return { payments, wallets, subscriptions, orders, rules, cards, said, lastAttempts, spent, audits, mails };
}
export type Rows = Awaited<ReturnType<typeof readRows>>;
export type PaymentRow = Rows['payments'][number];

const spentRows = z.array(z.object({ customer: z.string(), spent: z.string().transform(BigInt) }));
async function spentOf(db: Db, customers: readonly string[]) {
  return spentRows.parse(
    await db.$queryRaw`
      SELECT w.customer, sum(e.amount)::text AS spent FROM entry e JOIN wallet w ON w.id = e.wallet
      WHERE w.customer = ANY (${[...customers]}::text[]) AND e."to" = 'spent' GROUP BY w.customer`,
  );
}

const mailRows = z.array(z.object({ about: z.string(), mail: z.string(), n: z.int() }));
/** Of payments, by what they say; of top-up rules, by the change that they tell of. */
async function mailsOf(db: Db, about: readonly string[]) {
  return mailRows.parse(
    await db.$queryRaw`
      SELECT split_part(key, ':', 2) AS about, split_part(key, ':', 3) AS mail, count(*)::int AS n FROM graphile_worker.jobs
      WHERE split_part(key, ':', 1) IN ('payments.mail', 'credits.mail') AND split_part(key, ':', 2) = ANY (${[...about]}::text[])
      GROUP BY 1, 2 ORDER BY 1, 2`,
  );
}

/** Reads what stands of many customers at once and deals it out. */
export async function standsOf<One extends Lived>(
  db: Db,
  customers: readonly One[],
  mustOf: (life: RecordedLife) => MustEnd,
): Promise<Map<One, Stands>> {
  const all = await readRows(db, customers);
  return new Map(
    customers.map((one) => {
      const { copy } = one;
      const id = copy.customerId;
      const events = new Set(copy.life.events.map((event) => copy.as(event.id)));
      const mine = <T extends { customerId: string }>(rows: readonly T[]) =>
        rows.filter((row) => row.customerId === id);
      const payments = mine(all.payments);
      const backs = new Set(payments.flatMap(({ moneyBacks }) => moneyBacks.map((back) => back.id)));
      const rows: Rows = {
        ...{
          payments,
          wallets: mine(all.wallets),
          subscriptions: mine(all.subscriptions),
          orders: mine(all.orders),
          rules: mine(all.rules),
          cards: mine(all.cards),
        },
        said: all.said.filter((event) => events.has(event.id)),
        lastAttempts: all.lastAttempts.filter(({ eventId }) => events.has(eventId)),
        spent: all.spent.filter(({ customer }) => customer === id),
        audits: all.audits.filter(({ subject }) => backs.has(subject)),
        mails: all.mails.filter(({ about }) =>
          [...payments, ...mine(all.rules)].some((row) => row.id === about),
        ),
      };
      return [one, { one, copy, must: mustOf(copy.life), rows }];
    }),
  );
}
