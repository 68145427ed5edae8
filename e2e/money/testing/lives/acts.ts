import { capture, hold, release, spend } from '../../../../app/modules/ledger/index.server';
import { changeSettlement, checkPayment } from '../../../../app/modules/payments/index.server';
import { type DrivenInbox } from '../../../../app/modules/payments/testing/driven-inbox';
import { type RealmView } from '../../../../app/modules/stripe/shared';
import { type Db, inTransaction } from '../../../../app/platform/db.server';
import { hours } from '../../../../app/platform/time';
import { type CopiedStripe } from './copied-stripe';
import { actorOf, type Customer, type Micro, type Of, tell } from './customer';
import { openDeeds } from './deeds';
import { type RecordedEvent } from './recorded-life';

/** A hold that lapses before anybody ends it. Milliseconds. */
const LAPSE = 1;

const told = ({ type, moment }: RecordedEvent) => `${type} of moment ${moment}`;
const nth = <T>(items: readonly T[], n: number): T | undefined => items[n % Math.max(1, items.length)];
const known = ({ copy, come }: Customer) => copy.life.events.filter(({ id }) => come.has(id));
export const idsOf = ({ copy }: Customer): string[] => copy.life.events.map(({ id }) => copy.as(id));

/** Does an act for a customer; what it brings is processed by whoever drains the inbox. */
export function openActs(
  db: Db,
  realm: RealmView,
  stripe: CopiedStripe,
  inbox: DrivenInbox,
): (one: Customer, micro: Micro) => Promise<unknown> {
  const unread = (one: Customer) => ({
    id: { in: idsOf(one) },
    status: { in: ['queued', 'waiting'] as const },
  });

  const deliver = async (one: Customer, { event: n, copies }: Of<'deliver'>): Promise<void> => {
    const { copy, come } = one;
    const left = copy.life.events.filter(({ id, moment }) => moment <= copy.lastFree && !come.has(id));
    const event = nth(left, n);
    if (!event) return;
    copy.reach(event.moment);
    come.add(event.id);
    tell(one, `${told(event)} comes${copies > 1 ? ` ${copies} times` : ''}`);
    const sent = copy.event(event);
    await Promise.all(Array.from({ length: copies }, () => inbox.deliver(sent)));
  };

  const again = async (one: Customer, { event: n }: Of<'again'>): Promise<void> => {
    const event = nth(known(one), n);
    if (!event) return;
    tell(one, `${told(event)} comes again`);
    await inbox.deliver(one.copy.event(event));
  };

  const replay = async (one: Customer, { event: n }: Of<'replay'>): Promise<void> => {
    const event = nth(known(one), n);
    if (!event) return;
    tell(one, `${told(event)} is replayed`);
    await inbox.replayAll([one.copy.as(event.id)]);
  };

  const die = async (one: Customer): Promise<void> => {
    tell(one, 'whoever took what is due is killed');
    const { id, status } = unread(one);
    const now = new Date();
    await db.event.updateMany({
      where: { id, status: { in: [...status.in] }, dueAt: { lte: now } },
      data: {
        ...{ tries: { increment: 1 }, claimedAt: now, firstTryAt: now },
        dueAt: new Date(now.getTime() + hours(1)),
      },
    });
  };

  const list = async (one: Customer): Promise<void> => {
    const { copy, come } = one;
    copy.reach(copy.lastFree);
    tell(one, `all until moment ${copy.clock} is listed`);
    for (const { id, moment } of copy.life.events) if (moment <= copy.clock) come.add(id);
    await inbox.list(copy.happened);
  };

  const wait = async (one: Customer): Promise<void> => {
    const { id, status } = unread(one);
    await db.event.updateMany({
      where: { id, status: { in: [...status.in] } },
      data: { dueAt: new Date(), claimedAt: null },
    });
  };

  /** From the page of a sale; a top-up is looked at by what looks at payments that stay open. */
  const comeBack = async (one: Customer, { sale: n }: Of<'return'>): Promise<void> => {
    const { sales, deeds } = one.copy.life;
    const topUps = deeds.flatMap(({ does, asked }) => (does === 'top_up' ? [asked.row] : []));
    const sale = nth([...sales, ...topUps], n);
    if (sale === undefined) return;
    const paymentId = one.copy.as(sale);
    tell(one, 'the customer is back from the page');
    await checkPayment(db, stripe.settings, { realm, paymentId, cause: `return:${paymentId}` });
  };

  /** Of the whole realm: whoever else lives there settles by it too. */
  const switchRule = async (one: Customer, { change, candidate, percentage }: Of<'rule'>): Promise<void> => {
    const by = { actor: actorOf(one), reason: 'planned' };
    const said = await inTransaction(db, 'switch rule', (tx) =>
      changeSettlement(tx, { realmId: realm.id, change, candidate, percentage }, by),
    );
    tell(
      one,
      `staff says ${change} ${change === 'try' ? `${candidate} for ${percentage} %` : ''}: ${said.outcome}`,
    );
  };

  const spending = openSpending(db);
  const deeds = openDeeds(db, realm, stripe);
  return (one, micro) => {
    one.acts += 1;
    switch (micro.act) {
      case 'deliver':
        return deliver(one, micro);
      case 'again':
        return again(one, micro);
      case 'replay':
        return replay(one, micro);
      case 'die':
        return die(one);
      case 'list':
        return list(one);
      case 'wait':
        return wait(one);
      case 'return':
        return comeBack(one, micro);
      case 'rule':
        return switchRule(one, micro);
      case 'deed':
      case 'look':
      case 'resend':
        return deeds(one, micro);
      case 'spend':
      case 'hold':
      case 'end':
        return spending(one, micro);
    }
  };
}

/** Spends and holds of a customer, and how holds end; what the ledger answers is kept. */
function openSpending(db: Db): (one: Customer, act: Of<'spend' | 'hold' | 'end'>) => Promise<void> {
  return async (one, act) => {
    const { copy } = one;
    const of = { book: 'test', actor: actorOf(one), key: `lives:${copy.n}:${one.acts}` } as const;
    const { customerId } = copy;
    if (act.act === 'spend') {
      const said = await spend(db, { ...of, customerId, amount: BigInt(act.credits) });
      tell(one, `${act.credits} to be spent: ${said.outcome}`);
      if (said.outcome === 'spent') one.spent += said.amount;
    } else if (act.act === 'hold') {
      const expiresIn = act.lapses ? LAPSE : hours(1);
      const said = await hold(db, { ...of, customerId, amount: BigInt(act.credits), expiresIn });
      tell(one, `${act.credits} to be held${act.lapses ? ' for a moment' : ''}: ${said.outcome}`);
      if (said.outcome === 'held') one.holds.push({ id: said.holdId, amount: said.amount });
    } else {
      const [held] = one.holds.splice(act.hold % Math.max(1, one.holds.length), 1);
      if (!held) return;
      const wanted = BigInt(act.captured);
      const amount = wanted < held.amount ? wanted : held.amount;
      const ended = { ...of, holdId: held.id };
      const said = await (amount === 0n ? release(db, ended) : capture(db, { ...ended, amount }));
      tell(one, `${amount} of a hold to be captured: ${said.outcome}`);
      if (said.outcome === 'captured') one.spent += said.amount;
    }
  };
}
