import { bookDue } from '../../../../app/modules/ledger/index.server';
import { endFreezes } from '../../../../app/modules/payments/index.server';
import { type DrivenInbox, drivenInbox } from '../../../../app/modules/payments/testing/driven-inbox';
import { forEachOf } from '../../../../app/modules/payments/testing/orders';
import { sweepCalls } from '../../../../app/modules/stripe/index.server';
import { catchUp } from '../../../../app/modules/webhooks/index.server';
import { type Db } from '../../../../app/platform/db.server';
import { minutes } from '../../../../app/platform/time';
import { CALL_SETTLERS } from '../../../../app/worker/settlers.server';
import { type PlanShop } from '../plan-shop';
import { idsOf, openActs } from './acts';
import { beget } from './beget';
import { Copy, type CopiedStripe } from './copied-stripe';
import { type Customer, type Micro } from './customer';
import { isLookAsked } from './deeds';
import { type Act, type Plan } from './plans';
import { type RecordedLife } from './recorded-life';

/** A plan while it is played; `fault` is what went wrong on the way. */
export interface Played {
  plan: Plan;
  customers: Customer[];
  fault?: Error;
}

const AT_ONCE = 8;
/** After the last act; more than any life asks for. */
const MOST_LOOKS = 5;

/** Before our side does something everything until then has come and is processed. It does one thing at a time. */
function expand(step: Act[]): Micro[][] {
  const deed = step.find(({ act }) => act === 'deed');
  const others = step.filter(({ act }) => act !== 'deed' && act !== 'look');
  return deed ? [[{ act: 'list' }], [{ act: 'wait' }], [...others, deed]] : [step];
}

export function openPlayer(db: Db, shop: PlanShop, stripe: CopiedStripe, lives: readonly RecordedLife[]) {
  const { realm } = shop;
  const inbox: DrivenInbox = drivenInbox(db, realm, stripe.reader);
  const take = openActs(db, realm, stripe, inbox);
  let copied = 0;

  const cast = (plan: Plan): Played => ({
    plan,
    customers: plan.map(({ life: chosen, steps }) => {
      const life = lives[chosen];
      if (!life) throw new Error(`There is no life ${String(chosen)}.`);
      copied += 1;
      const copy = new Copy(life, copied);
      stripe.add(copy);
      const toDo = life.deeds.flatMap(() => expand([{ act: 'deed', isAnswerLost: false }]));
      const played = [...steps.flatMap(expand), ...toDo];
      return { copy, steps: played, come: new Set(), holds: [], spent: 0n, asked: 0, acts: 0, story: [] };
    }),
  });

  /** No patience ends while steps are played, however long they take: what settles by it does so once all is told. */
  const holdPatience = () =>
    db.$executeRaw`UPDATE settlement_proof SET proven_at = clock_timestamp() WHERE settled_at IS NULL`;

  const step = async (playing: readonly Played[], n: number): Promise<void> => {
    await holdPatience();
    const each = (acts: (micro: Micro) => boolean) =>
      forEachOf(playing, AT_ONCE, async (played) => {
        const todo = played.customers.flatMap((one) =>
          (one.steps[n] ?? []).filter(acts).map((micro) => take(one, micro)),
        );
        const ended = await Promise.allSettled(todo);
        for (const end of ended) if (end.status === 'rejected') played.fault ??= faultOf(end.reason);
      });
    await each(({ act }) => !LATER.has(act) && act !== 'die');
    await each(({ act }) => act === 'die');
    // Credits are spent and held while facts are processed.
    await Promise.all([inbox.drain(AT_ONCE), each(({ act }) => LATER.has(act))]);
  };

  /** Stripe's list is read, every wait is over, every hold ends, and what sweeps has swept. */
  const quiet = async (playing: readonly Played[]): Promise<void> => {
    const all = playing.flatMap(({ customers }) => customers);
    for (const { copy } of all) copy.reach(copy.lastFree);
    await catchUp(db, stripe.settings, { realm, now: new Date(Date.now() + minutes(2)) });
    const now = new Date(Date.now() + minutes(2));
    for (let round = 0; round < 4; round += 1) {
      await inbox.passTime();
      await inbox.drain(AT_ONCE);
      await sweepCalls(db, stripe.settings, { realmId: realm.id, settlers: CALL_SETTLERS, now });
      if ((await db.event.count({ where: { status: { in: ['queued', 'waiting'] } } })) === 0) break;
    }
    await forEachOf(all, AT_ONCE, async (one) => {
      while (one.holds.length > 0) await take(one, { act: 'end', hold: 0, captured: 0 });
    });
    await bookDue(db);
    await endFreezes(db);
    await forEachOf(all, AT_ONCE, async (one) => {
      // A look may ask for another: one that buys and is not told to stop must not go on for ever.
      for (let look = 0; look < MOST_LOOKS && (await isLookAsked(db, one.copy)); look += 1)
        await take(one, { act: 'look', isAnswerLost: false });
    });
  };

  /** Plays plans side by side, each step of all of them before the next of any. */
  const play = async (plans: readonly Plan[]): Promise<Played[]> => {
    const playing = plans.map(cast);
    const all = playing.flatMap(({ customers }) => customers);
    await beget(
      db,
      all.map(({ copy }) => copy),
      realm.id,
    );
    const longest = Math.max(...all.map(({ steps }) => steps.length));
    for (let n = 0; n < longest; n += 1) await step(playing, n);
    await quiet(playing);
    return playing;
  };

  /** Some events of each customer are processed anew. */
  const replaySome = async (playing: readonly Played[], share: number): Promise<void> => {
    const ids = playing.flatMap(({ customers }) => customers.flatMap(idsOf));
    await inbox.replayAll(ids.filter((_id, n) => n % share === 0));
    await inbox.drain(AT_ONCE);
    await inbox.passTime();
    await inbox.drain(AT_ONCE);
  };

  const forget = (playing: readonly Played[]): void =>
    stripe.forget(playing.flatMap(({ customers }) => customers.map(({ copy }) => copy)));

  return { play, replaySome, forget };
}
export type Player = ReturnType<typeof openPlayer>;

const faultOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const LATER = new Set<Micro['act']>(['spend', 'hold', 'end', 'return', 'deed', 'look', 'resend']);
