import { type PlanView } from '~/modules/catalog/shared';
import { type PlanInvoice, type PlanLine } from '~/modules/stripe/shared';
import { days } from '~/platform/time';

/** What a plan's invoice sold, in one of its plans. */
export type Sold =
  | { sold: 'plan'; plan: PlanView; quantity: number; credits: bigint; periodEnd: Date; isTrial: boolean }
  /** Money that nobody can say the worth of. */
  | { sold: 'unknown'; code: string; detail: string }
  /** Nothing that credits are for. */
  | { sold: 'nothing'; reason: 'trial' | 'proration' | 'nothing_sold' };

export interface Judged {
  sold: Sold;
  /** Why the amounts are not those of the catalogue; undefined when they are. */
  fault: string | undefined;
  /** What a change in the middle of a period cost or gave back. */
  prorations: PlanLine[];
  /** What stood beside the plan on its invoice. */
  others: PlanLine[];
}

/**
 * What an invoice sold, by the catalogue version that each line's price was made for. Credits are stock: prorations
 * bring none. A trial brings what its plan says, once, at the beginning.
 */
export function judgeInvoice(invoice: PlanInvoice, planOf: ReadonlyMap<string, PlanView>): Judged {
  const prorations = invoice.lines.filter(({ isProration }) => isProration);
  const lines = invoice.lines
    .filter(({ isProration }) => !isProration)
    .map((line) => ({
      line,
      plan: line.stripePrice === undefined ? undefined : planOf.get(line.stripePrice),
    }));
  const known = lines.flatMap(({ line, plan }) => (plan ? [{ line, plan }] : []));
  const others = lines.flatMap(({ line, plan }) => (plan || line.amount === 0n ? [] : [line]));
  const paid = known.filter(({ line }) => !line.isTrial);
  const whole = { prorations, others, fault: amountFault(invoice, paid) };
  const [first, ...more] = paid;
  if (first) {
    const same = more.every(({ plan }) => plan.versionId === first.plan.versionId);
    return same
      ? {
          ...whole,
          sold: soldLines(
            first.plan,
            paid.map(({ line }) => line),
          ),
        }
      : { ...whole, sold: { sold: 'unknown', code: 'several_plans', detail: 'it asks for several plans' } };
  }
  const [other] = others;
  if (other) {
    const detail = `the price ${other.stripePrice ?? 'none'} is none of the catalogue’s`;
    return { ...whole, sold: { sold: 'unknown', code: 'unknown_price', detail } };
  }
  const [trial] = known;
  if (trial) return { ...whole, sold: trialOf(invoice, trial) };
  return {
    ...whole,
    sold: { sold: 'nothing', reason: prorations.length > 0 ? 'proration' : 'nothing_sold' },
  };
}

interface KnownLine {
  line: PlanLine;
  plan: PlanView;
}

function soldLines(plan: PlanView, lines: PlanLine[]): Sold {
  const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
  const periodEnd = new Date(Math.max(...lines.map((line) => line.periodEnd.getTime())));
  return {
    sold: 'plan',
    plan,
    quantity,
    credits: plan.credits * BigInt(quantity),
    periodEnd,
    isTrial: false,
  };
}

function trialOf({ billingReason }: PlanInvoice, { line, plan }: KnownLine): Sold {
  if (billingReason !== 'subscription_create' || plan.trialCredits === null)
    return { sold: 'nothing', reason: 'trial' };
  const { periodEnd } = line;
  return { sold: 'plan', plan, quantity: 1, credits: plan.trialCredits, periodEnd, isTrial: true };
}

function amountFault(invoice: PlanInvoice, paid: KnownLine[]): string | undefined {
  const wrong = paid.find(
    ({ line, plan }) =>
      invoice.currency !== plan.currency || line.amount !== plan.amount * BigInt(line.quantity),
  );
  if (wrong) {
    const { line, plan } = wrong;
    return `${line.id} asks ${line.amount} ${invoice.currency} for ${line.quantity} × ${plan.amount} ${plan.currency}`;
  }
  return undefined;
}

const GRACE = days(3);
const MONTHS = { month: 1, year: 12 } as const;

/** A plan's credits live through their period, three days of grace and the periods of its rollover. */
export function lotExpiry(plan: PlanView, periodEnd: Date): Date {
  const end = addMonths(periodEnd, MONTHS[plan.interval] * plan.rolloverPeriods);
  return new Date(end.getTime() + GRACE);
}

/** The same day of a later month, or its last one. */
function addMonths(at: Date, months: number): Date {
  const later = new Date(at);
  later.setUTCDate(1);
  later.setUTCMonth(later.getUTCMonth() + months);
  const last = new Date(Date.UTC(later.getUTCFullYear(), later.getUTCMonth() + 1, 0)).getUTCDate();
  later.setUTCDate(Math.min(at.getUTCDate(), last));
  return later;
}
