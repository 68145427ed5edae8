import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';
import { hours, minutes } from '~/platform/time';

import { type Observation } from './observation.server';
import { observe } from './observe.server';
import { readAlertRules } from './read-rules.server';
import { type AlertKind, type AlertRuleView, isAlertKind, type Telling } from './shared';
import { tellAlert } from './tell-alert.server';

/** What is gone must stay gone for so long: what flaps is one alert, not twenty. */
const CLEARS_AFTER = minutes(5);
/** What grew while it stands is told again, at most so often. */
const GROWTH_TOLD_EVERY = hours(1);

export interface EvaluateOptions {
  now: Date;
  /** Origin of our own pages. */
  appUrl: string;
}

export type Told = Record<Telling, number>;

/**
 * Compares what is so with the alerts that stand, and writes who is to be told of the difference, in one transaction. Any
 * number may do it at once: an alert is unique while it stands, and each telling moves its count by compare-and-set.
 */
export function evaluateAlerts(db: Db, { now, appUrl }: EvaluateOptions): Promise<Told> {
  return inTransaction(db, 'evaluate alerts', async (tx) => {
    const rules = await readAlertRules(tx);
    const seen = await observe(tx, rules, now);
    await keepSeen(tx, seen, now);
    const told: Told = { raised: 0, reminded: 0, resolved: 0 };
    for (const alert of await readStanding(tx)) {
      const rule = rules.find(({ kind }) => kind === alert.kind);
      const at = seen.find(({ kind, subject }) => kind === alert.kind && subject === alert.subject);
      const due =
        rule === undefined || at === undefined
          ? await clear(tx, alert, rule, now)
          : await stand(tx, alert, { rule, now, size: at.size });
      if (due === undefined) continue;
      told[due] += 1;
      await tellAlert(tx, { alertId: alert.id, what: due, appUrl });
      log.warn('alert told', { alert: alert.id, kind: alert.kind, subject: alert.subject, what: due });
    }
    return told;
  });
}

async function keepSeen(tx: Tx, seen: readonly Observation[], now: Date): Promise<void> {
  // In one order, so that two at once never wait for each other in a ring.
  const inOrder = [...seen].sort((a, b) => `${a.kind} ${a.subject}`.localeCompare(`${b.kind} ${b.subject}`));
  await tx.alert.createMany({
    data: inOrder.map((one) => ({ ...one, id: newId('alr'), firstSeenAt: now, lastSeenAt: now })),
    skipDuplicates: true,
  });
  for (const { kind, subject, detail, size, page } of inOrder)
    await tx.alert.updateMany({
      where: { kind, subject, state: { not: 'resolved' } },
      data: { detail, size, page, lastSeenAt: now, clearSince: null },
    });
}

interface Standing {
  id: string;
  kind: AlertKind;
  subject: string;
  state: 'pending' | 'open';
  firstSeenAt: Date;
  clearSince: Date | null;
  told: number;
  toldAt: Date | null;
  toldSize: number;
  acknowledgedAt: Date | null;
}

/** More at once are told by those that are. */
const MOST = 1000;

async function readStanding(tx: Tx): Promise<Standing[]> {
  const found = await tx.alert.findMany({
    where: { state: { not: 'resolved' } },
    select: {
      ...{ id: true, kind: true, subject: true, state: true, firstSeenAt: true, clearSince: true },
      ...{ told: true, toldAt: true, toldSize: true, acknowledgedAt: true },
    },
    orderBy: [{ kind: 'asc' }, { subject: 'asc' }],
    take: MOST,
  });
  return found.flatMap(({ kind, state, ...same }) =>
    isAlertKind(kind) && state !== 'resolved' ? [{ ...same, kind, state }] : [],
  );
}

/** It is so: raised once it has been so for long enough, told again when it grew or stood for long. */
async function stand(
  tx: Tx,
  alert: Standing,
  at: { rule: AlertRuleView; now: Date; size: number },
): Promise<Telling | undefined> {
  const { rule, now, size } = at;
  const next = { told: alert.told + 1, toldAt: now, toldSize: size };
  const mine = { id: alert.id, told: alert.told, state: alert.state };
  if (alert.state === 'pending') {
    if (now.getTime() - alert.firstSeenAt.getTime() < minutes(rule.holdMinutes)) return undefined;
    const { count } = await tx.alert.updateMany({
      where: mine,
      data: { ...next, state: 'open', raisedAt: now },
    });
    return count === 1 ? 'raised' : undefined;
  }
  const since = now.getTime() - (alert.toldAt ?? now).getTime();
  const hasGrown = size > alert.toldSize && since >= GROWTH_TOLD_EVERY;
  const isOld = alert.acknowledgedAt === null && since >= hours(rule.remindHours);
  if (!hasGrown && !isOld) return undefined;
  const { count } = await tx.alert.updateMany({ where: mine, data: next });
  return count === 1 ? 'reminded' : undefined;
}

/** It is not so: forgotten if nobody was told, else resolved once it has stayed away. What is switched off is resolved untold. */
async function clear(
  tx: Tx,
  alert: Standing,
  rule: AlertRuleView | undefined,
  now: Date,
): Promise<Telling | undefined> {
  const mine = { id: alert.id, told: alert.told, state: alert.state };
  if (alert.state === 'pending') {
    await tx.alert.deleteMany({ where: { ...mine, lastSeenAt: { lt: now } } });
    return undefined;
  }
  if (rule?.isOn !== true) {
    await tx.alert.updateMany({ where: mine, data: { state: 'resolved', resolvedAt: now } });
    return undefined;
  }
  const since = alert.clearSince ?? now;
  if (alert.clearSince === null) await tx.alert.updateMany({ where: mine, data: { clearSince: now } });
  if (now.getTime() - since.getTime() < CLEARS_AFTER) return undefined;
  const { count } = await tx.alert.updateMany({
    where: { ...mine, clearSince: { not: null } },
    data: { state: 'resolved', resolvedAt: now, told: alert.told + 1, toldAt: now },
  });
  return count === 1 ? 'resolved' : undefined;
}
