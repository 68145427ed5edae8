import { type Incident } from '../../../../app/modules/incidents/index.server';
import { type Db } from '../../../../app/platform/db.server';

type Expected = Incident['expected'];
type Payment = Expected['payments'][number];

/** How it ended here, in the words of the file. */
export async function endsOf(db: Db, expected: Expected): Promise<Expected> {
  const events = await db.event.findMany({
    include: { attempts: { orderBy: [{ run: 'asc' }, { n: 'asc' }] } },
  });
  const payments = await db.payment.findMany({
    include: { lots: true, claim: true, moneyBacks: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const wallets = await db.wallet.findMany();
  const named = new Set(expected.payments.map(({ known }) => known));
  const orNull = (amount: bigint | null) => (amount === null ? null : Number(amount));
  return {
    events: events.map(({ id, type, status, decision, reason, attempts }) => ({
      ...{ id, type, status, decision, reason },
      effects: attempts.flatMap(({ effects }) =>
        effects.map((effect) => effect.slice(0, effect.indexOf('_'))),
      ),
    })),
    payments: payments.map((one): Payment => ({
      known: named.has(one.id) ? one.id : (one.stripeInvoice ?? one.moneyObject ?? one.id),
      ...{ state: one.state, reviewReason: one.reviewReason, amountPaid: orNull(one.amountPaid) },
      granted: Number(
        one.lots.reduce((sum, lot) => (lot.parentLotId === null ? sum + lot.granted : sum), 0n),
      ),
      moneyObject: one.moneyObject,
      taken: one.claim && { gone: Number(one.claim.tGone), all: Number(one.claim.tAll) },
      backs: one.moneyBacks.map(({ stripeId, status, level, taken }) => ({
        ...{ stripeId, status, level, taken: Number(taken) },
      })),
    })),
    customers: wallets.map((one) => ({
      ...{ customer: one.customerId, available: Number(one.available), held: Number(one.held) },
      ...{ claimed: Number(one.claimed), debt: Number(one.debt), frozen: one.frozenAt !== null },
    })),
  };
}

/** What differs, a line each: what the file says, and what came of it now. */
export function differences(expected: Expected, is: Expected, unplayed: ReadonlySet<string>): string[] {
  const told: string[] = [];
  const compare = <One extends object>(
    what: string,
    wanted: readonly One[],
    came: readonly One[],
    nameOf: (one: One) => string,
  ): void => {
    const here = new Map(came.map((one) => [nameOf(one), one]));
    for (const one of wanted) {
      const name = nameOf(one);
      const other = here.get(name);
      here.delete(name);
      if (unplayed.has(name)) continue;
      if (other === undefined) told.push(`${what} ${name}: it was here, and is not`);
      else
        for (const field of fieldsThatDiffer(one, other))
          told.push(`${what} ${name}: ${field} was ${show(one, field)}, and is ${show(other, field)}`);
    }
    for (const name of here.keys()) told.push(`${what} ${name}: it was not here, and is`);
  };
  const typeOf = new Map(expected.events.map(({ id, type }) => [id, `${type} ${id}`]));
  compare('event', expected.events, is.events, ({ id, type }) => typeOf.get(id) ?? `${type} ${id}`);
  compare('payment', expected.payments, is.payments, ({ known }) => known);
  compare('customer', expected.customers, is.customers, ({ customer }) => customer);
  return told;
}

const show = (one: object, field: string): string => JSON.stringify(Reflect.get(one, field)) ?? 'nothing';
const fieldsThatDiffer = (one: object, other: object): string[] =>
  Object.keys(one).filter((field) => show(one, field) !== show(other, field));
