import { type Dice } from '../../../../app/modules/payments/testing/orders';
import { type DisputeDecision } from '../../../stripe-sandbox/sandbox-money-back';
import { type PlanShop } from '../plan-shop';
import { type Living, record } from './living';
import { SAVED } from './living-on-top-ups';
import { type Bought, type RecordedLife } from './recorded-life';

/**
 * What may happen to a payment from its purchase to its end, and to a customer from month to month. A life of a new kind
 * (credits bought without the customer at the page, say) is one more line here, and what its objects are worth one more
 * branch of `reckoning.ts`.
 */
type Story = (living: Living, dice: Dice) => Promise<void>;

const PENDING_REFUND = '4000000000007726';
const FAILING_REFUND = '4000000000005126';

const part = (dice: Dice, { paid }: Bought): number => 1 + dice.roll(paid - 1);
const buyAny = (living: Living, dice: Dice): Promise<Bought> =>
  living.buy(
    [
      {},
      { percentOff: 25 },
      { automaticTax: true },
      { currency: 'jpy' as const },
      { currency: 'eur' as const },
    ][dice.roll(5)],
  );

const ONE_SALE: Record<string, Story> = {
  'a card pays': async (living, dice) => {
    await buyAny(living, dice);
  },
  'a second card pays': async (living) => {
    await living.buyAfterDecline();
  },
  'a bank asks, and is answered': async (living) => {
    await living.buyWithChallenge();
  },
  'a code makes it cheaper': async (living, dice) => {
    // 99 % would leave 49 cents, which is less than Stripe charges at all.
    await living.buy({ percentOff: 1 + dice.roll(98) });
  },
  'a code makes it free': async (living) => {
    await living.buy({ percentOff: 100 });
  },
  'a bank debit is paid': async (living) => {
    await living.buyByDebit(true);
  },
  'a bank debit is refused': async (living) => {
    await living.buyByDebit(false);
  },
  'a bank debit is on its way': async (living) => {
    await living.buyByDebit(undefined);
  },
  'a bank debit is returned': async (living) => {
    await living.dispute(await living.buyByDebit(true), 'bank_return');
  },
  'a page expires': (living) => living.leave(true),
  'a page is left open': (living) => living.leave(false),
  'the Dashboard refunds all': async (living, dice) => {
    await living.refund(await buyAny(living, dice));
  },
  'the Dashboard refunds in parts': async (living, dice) => {
    const sale = await buyAny(living, dice);
    const first = part(dice, sale);
    await living.refund(sale, first);
    if (first < sale.paid) await living.refund(sale, 1 + dice.roll(sale.paid - first));
  },
  'our staff refunds all': async (living, dice) => {
    const sale = await buyAny(living, dice);
    await living.refundByStaff(sale, sale.paid);
  },
  'our staff refunds a part, the Dashboard the rest': async (living, dice) => {
    const sale = await buyAny(living, dice);
    const first = Math.min(part(dice, sale), sale.paid - 1);
    await living.refundByStaff(sale, first);
    await living.refund(sale);
  },
  'a refund is pending': async (living) => {
    await living.refund(await living.buy({ pays: { cardNumber: PENDING_REFUND } }), undefined, false);
  },
  'a pending refund succeeds': async (living, dice) => {
    const sale = await living.buy({ pays: { cardNumber: PENDING_REFUND } });
    await living.settleRefund(await living.refund(sale, part(dice, sale), false));
  },
  'a refund fails long after it succeeded': async (living, dice) => {
    const sale = await living.buy({ pays: { cardNumber: FAILING_REFUND } });
    await living.failRefund(await living.refund(sale, part(dice, sale), false));
  },
  'a chargeback is open': async (living, dice) => {
    await living.dispute(await buyAny(living, dice), 'chargeback');
  },
  'a chargeback is lost': async (living, dice) => {
    await living.dispute(await buyAny(living, dice), 'chargeback', dice.roll(2) === 0 ? 'lose' : 'accept');
  },
  'a chargeback is won': async (living, dice) => {
    await living.dispute(await buyAny(living, dice), 'chargeback', 'win');
  },
  'an inquiry is dropped': async (living, dice) => {
    await living.dispute(await buyAny(living, dice), 'inquiry', 'win');
  },
  'an inquiry becomes a chargeback': async (living, dice) => {
    const end = dice.roll(2) === 0 ? 'win' : 'lose';
    await living.dispute(await buyAny(living, dice), 'inquiry', 'escalate', end);
  },
  'a part is refunded, then a chargeback comes': async (living, dice) => {
    const sale = await living.buy();
    await living.refund(sale, part(dice, sale));
    await living.dispute(sale, 'chargeback', dice.roll(2) === 0 ? 'win' : 'lose');
  },
  'a chargeback is won, then our staff refunds': async (living, dice) => {
    const sale = await living.buy();
    await living.dispute(sale, 'chargeback', 'win');
    await living.refundByStaff(sale, part(dice, sale));
  },
};

const PLANS: Record<string, Story> = {
  'a plan goes on for months': async (living, dice) => {
    const plan = await living.subscribe('basic');
    for (let month = 0; month <= dice.roll(2); month += 1) await living.renew(plan);
  },
  'a plan begins with a trial': async (living) => {
    await living.renew(await living.subscribe('tried'));
  },
  'a plan rolls over and ends': async (living) => {
    const plan = await living.subscribe('plus');
    await living.cancelAtEnd(plan);
    await living.renew(plan);
  },
  'a renewal fails and is paid': async (living) => {
    const plan = await living.subscribe('basic');
    await living.declineFrom(plan);
    await living.renew(plan);
    await living.payOwed(plan);
  },
  'a renewal fails for good': async (living) => {
    const plan = await living.subscribe('basic');
    await living.declineFrom(plan);
    await living.renew(plan);
    await living.giveUp(plan);
  },
  'a period of a plan is refunded by our staff': async (living, dice) => {
    const plan = await living.subscribe('basic');
    await living.refundByStaff(living.lastPaid, 1 + dice.roll(1_000));
    await living.renew(plan);
  },
  'a period of a plan is charged back': async (living, dice) => {
    const plan = await living.subscribe('plus');
    await living.dispute(living.lastPaid, 'chargeback', dice.roll(2) === 0 ? 'win' : 'lose');
    await living.cancelNow(plan);
  },
};

/** They are agreed to for as many purchases as the story has, so that the month's limit ends them. */
const agreeAndSave = async (living: Living, dice: Dice, purchases: number, cardNumber?: string) => {
  const currency = dice.roll(3) === 0 ? 'jpy' : 'usd';
  await living.agree(purchases, { currency, threshold: BigInt(1 + dice.roll(900)) });
  await living.saveCard(cardNumber);
};
const topUpOnce = async (living: Living, dice: Dice): Promise<Bought> => {
  await agreeAndSave(living, dice, 1);
  return living.topUp();
};

const TOP_UPS: Record<string, Story> = {
  'credits run low and a top-up buys': async (living, dice) => {
    await topUpOnce(living, dice);
  },
  'top-ups buy until the month’s limit': async (living, dice) => {
    const purchases = 2 + dice.roll(2);
    await agreeAndSave(living, dice, purchases);
    for (let n = 0; n < purchases; n += 1) await living.topUp();
  },
  'a page for a card is left': async (living, dice) => {
    await living.agree(1);
    if (dice.roll(2) === 0) await living.leavePage();
  },
  'a saved card is removed': async (living, dice) => {
    await topUpOnce(living, dice);
    await living.removeCard();
  },
  'a top-up is declined': async (living, dice) => {
    await agreeAndSave(living, dice, 1, SAVED.declined);
    await living.topUp();
  },
  'a top-up is declined, and another card buys': async (living, dice) => {
    await agreeAndSave(living, dice, 1, SAVED.declined);
    await living.topUp();
    await living.agree(1);
    await living.saveCard();
    await living.topUp();
  },
  'a top-up is declined twice': async (living, dice) => {
    await agreeAndSave(living, dice, 1, SAVED.declined);
    await living.topUp();
    await living.agreeAnew(1);
    await living.topUp();
  },
  'a bank asks about a top-up, and nobody answers': async (living, dice) => {
    await agreeAndSave(living, dice, 1, SAVED.alwaysAsks);
    await living.topUp();
  },
  'a bank asks about a top-up, and is answered later': async (living, dice) => {
    await agreeAndSave(living, dice, 1, SAVED.alwaysAsks);
    await living.confirmLater(await living.topUp());
  },
  'the Dashboard refunds a top-up': async (living, dice) => {
    const topUp = await topUpOnce(living, dice);
    await living.refund(topUp, dice.roll(2) === 0 ? part(dice, topUp) : undefined);
  },
  'our staff refunds a top-up': async (living, dice) => {
    const topUp = await topUpOnce(living, dice);
    await living.refundByStaff(topUp, dice.roll(2) === 0 ? part(dice, topUp) : topUp.paid);
  },
  'a top-up is refunded, and bought anew': async (living, dice) => {
    await living.refund(await topUpOnce(living, dice));
    await living.agreeAnew(1);
    await living.topUp();
  },
  'a top-up is charged back': async (living, dice) => {
    const ends: DisputeDecision[][] = [[], ['lose'], ['accept'], ['win']];
    await living.dispute(await topUpOnce(living, dice), 'chargeback', ...(dice.shuffled(ends)[0] ?? []));
  },
  'an inquiry into a top-up is dropped': async (living, dice) => {
    await living.dispute(await topUpOnce(living, dice), 'inquiry', 'win');
  },
};

/** After one of these a customer may agree to top-ups: nothing is owed, and no bank decides. */
const OWES_NOTHING = [
  ...['a card pays', 'a code makes it free', 'a bank debit is on its way', 'a page is left open'],
  ...['the Dashboard refunds in parts', 'our staff refunds all', 'a refund fails long after it succeeded'],
];

/** Top-up, purchase, plan, refund and dispute of one customer. */
export async function liveItAll(shop: PlanShop, dice: Dice): Promise<RecordedLife> {
  const tell = async (living: Living): Promise<void> => {
    await topUpOnce(living, dice);
    const pack = await living.buy();
    await living.subscribe('basic');
    await living.refund(pack, part(dice, pack));
    await living.dispute(pack, 'chargeback', dice.roll(2) === 0 ? 'win' : 'lose');
  };
  return record(shop, 'top-up, purchase, plan, refund and dispute', tell, await shop.newClock());
}

/** Which lives are told: those of packs alone, or those of plans or top-ups, and of packs beside them. */
export type Theme = 'packs' | 'plans' | 'top-ups';
const STORIES_OF: Record<Theme, Record<string, Story>> = {
  ...{ packs: ONE_SALE, plans: PLANS, 'top-ups': TOP_UPS },
};
export const storiesOf = (theme: Theme): string[] => Object.keys(STORIES_OF[theme]);

/** Customers who live through several stories. */
const MIXED = 6;

/** Lives as the sandbox lives them now, another run's by other dice: every story at least once, and some of them mixed. */
export async function liveThem(shop: PlanShop, dice: Dice, theme: Theme): Promise<RecordedLife[]> {
  const lives: RecordedLife[] = [];
  const live = async (stories: readonly [string, Story][]): Promise<void> => {
    const name = stories.map(([one]) => one).join(BETWEEN);
    const tell = async (living: Living) => {
      for (const [, story] of stories) await story(living, dice);
    };
    lives.push(await record(shop, name, tell, theme === 'plans' ? await shop.newClock() : undefined));
  };
  const own = Object.entries(STORIES_OF[theme]);
  const packs = Object.entries(ONE_SALE);
  for (const story of own) await live([story]);
  const harmless = packs.filter(([name]) => OWES_NOTHING.includes(name));
  const one = (stories: [string, Story][]) => dice.shuffled(stories).slice(0, 1);
  for (let n = 0; n < MIXED; n += 1) {
    if (theme !== 'top-ups') await live([...one(packs), ...one(own)]);
    else await live(n % 2 === 0 ? [...one(harmless), ...one(own)] : [...one(own), ...one(packs)]);
  }
  return lives;
}

// No story's own name has it.
const BETWEEN = '; later ';
/** The stories of a life by name. */
export const namesOf = ({ name }: RecordedLife): string[] => name.split(BETWEEN);
