import { type Db } from '~/platform/db.server';

import { type AlertView, isAlertKind } from './shared';

const PAST = 20;
const MOST = 200;

const VIEW = {
  ...{ id: true, kind: true, subject: true, detail: true, page: true, state: true },
  ...{ raisedAt: true, resolvedAt: true, told: true },
  ...{ acknowledgedAt: true, acknowledgedBy: true, comment: true },
} as const;

/** The alerts that stand, the newest first, and the latest that are over. */
export async function listAlerts(db: Db): Promise<{ open: AlertView[]; past: AlertView[] }> {
  const orderBy = [{ raisedAt: 'desc' as const }, { id: 'asc' as const }];
  const open = await db.alert.findMany({ where: { state: 'open' }, select: VIEW, orderBy, take: MOST });
  const past = await db.alert.findMany({
    where: { state: 'resolved', raisedAt: { not: null } },
    select: VIEW,
    orderBy,
    take: PAST,
  });
  const names = await namesOf(db, [...open, ...past]);
  return {
    open: open.flatMap((row) => viewOf(row, names)),
    past: past.flatMap((row) => viewOf(row, names)),
  };
}

type Row = Omit<AlertView, 'kind' | 'state' | 'raisedAt' | 'acknowledged'> & {
  kind: string;
  state: 'pending' | 'open' | 'resolved';
  raisedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  comment: string | null;
};

/** What people call those who acknowledged. */
async function namesOf(
  db: Db,
  rows: readonly { acknowledgedBy: string | null }[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []))];
  const users = await db.user.findMany({
    where: { id: { in: ids } },
    select: { id: true, name: true, email: true },
    take: ids.length,
  });
  return new Map(users.map(({ id, name, email }) => [id, name === '' ? email : name]));
}

function viewOf(row: Row, names: ReadonlyMap<string, string>): AlertView[] {
  const { kind, state, raisedAt, acknowledgedAt: at, acknowledgedBy: by, comment, ...same } = row;
  if (!isAlertKind(kind) || state === 'pending' || raisedAt === null) return [];
  const acknowledged =
    at === null || by === null || comment === null ? null : { at, by: names.get(by) ?? by, comment };
  return [{ ...same, kind, state, raisedAt, acknowledged }];
}
