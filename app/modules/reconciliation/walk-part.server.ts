import { isMissing, listObjects } from '~/modules/stripe/index.server';
import { type ListedKind } from '~/modules/stripe/shared';
import { days, hours } from '~/platform/time';

import { confirm, keep, type Suspect } from './confirm.server';
import { type Lately } from './in-flight.server';
import { compare } from './look.server';
import { type Reconciler } from './reconciler';
import { keepStep, noteShown, renewLease, type TakenPart } from './run-rows.server';

/** Windows grow where little was made and shrink where much was, so that a quiet month costs few questions. */
const WIDTH = { least: hours(1), most: days(7) } as const;
const MANY_PAGES = 10;

export interface Walking {
  lately: { current: Lately | undefined };
  /** Told after each page. */
  onPage: (page: { kind: string; seen: number; differing: number }) => void;
}

/**
 * Walks one kind of object, window after window, a page of a hundred at a time; the next page is asked for while this one is
 * compared. What it holds is two pages, however many objects there are. After each page the cursor is kept.
 * @returns false when another worker has it now
 * @throws StripeError when Stripe does not answer in all of the pacer's tries
 */
export async function walkPart(
  deps: Reconciler,
  part: TakenPart & { kind: ListedKind },
  walking: Walking,
): Promise<boolean> {
  let { from, end, after } = part;
  let pages = 0;
  let page = ask(after, { from, end });
  for (;;) {
    const listed = await page;
    pages += 1;
    const window = { from, end };
    const isLastOfWindow = !listed.hasMore || listed.last === undefined;
    const isDone = isLastOfWindow && end >= part.before;
    if (isLastOfWindow) {
      const width = nextWidth(end.getTime() - from.getTime(), pages);
      [from, end] = [end, new Date(Math.min(end.getTime() + width, part.before.getTime()))];
      pages = 0;
    }
    after = isLastOfWindow ? undefined : listed.last;
    if (!isDone) page = ask(after, { from, end });
    const judged = await compare(deps, listed.objects);
    await noteShown(
      deps.db,
      part.runId,
      judged.flatMap(({ shown }) => shown),
    );
    const suspects = judged.flatMap(({ difference, look }): Suspect[] =>
      difference === undefined ? [] : [{ difference, parentOurs: look.parentOurs }],
    );
    const differing = await settle(deps, part, suspects, walking);
    if (differing === undefined) return false;
    const step = {
      ...(isDone ? { from: window.from, end: window.end, after: undefined } : { from, end, after }),
      ...{ isDone, differing, ours: judged.filter(({ isOurs }) => isOurs).length },
      seen: listed.objects.length + listed.unreadable,
    };
    if (!(await keepStep(deps.db, part, step))) return false;
    walking.onPage({ kind: part.kind, seen: step.seen, differing });
    if (isDone) return true;
  }

  function ask(next: string | undefined, at: { from: Date; end: Date }) {
    const list = (start: string | undefined) =>
      deps.pacer.ask(() =>
        listObjects(deps.settings, { kind: part.kind, from: at.from, before: at.end, after: start }),
      );
    // Where the object that the cursor names is deleted, the window is read from its start.
    const answer = list(next).catch((error: unknown) => {
      if (next === undefined || !isMissing(error)) throw error;
      return list(undefined);
    });
    // It is asked for ahead: whoever awaits it later hears of its fault.
    answer.catch(() => undefined);
    return answer;
  }
}

function nextWidth(width: number, pages: number): number {
  if (pages > MANY_PAGES) return Math.max(WIDTH.least, width / 2);
  return pages === 1 ? Math.min(WIDTH.most, width * 2) : width;
}

/** Looks at each suspect a second time and keeps those that stand. @returns how many; undefined when another worker has the part */
export async function settle(
  deps: Reconciler,
  part: TakenPart,
  suspects: readonly Suspect[],
  { lately }: Pick<Walking, 'lately'>,
): Promise<number | undefined> {
  let differing = 0;
  for (const suspect of suspects) {
    if (!(await renewLease(deps.db, part))) return undefined;
    const difference = await confirm(deps, suspect, lately);
    if (difference === undefined) continue;
    const { raised } = await keep(deps, part.runId, difference);
    if (raised !== 'dismissed') differing += 1;
  }
  return differing;
}
