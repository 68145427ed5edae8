import { type LedgerLine } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { type TimelineEntry, type TimelineKind } from './shared';

type Entry<Kind extends TimelineKind> = Extract<TimelineEntry, { kind: Kind }>;

/** Order among things of the same instant: what causes stands before what is caused. */
const CAUSE_ORDER: Record<TimelineKind, number> = {
  act: 0,
  call: 1,
  event: 2,
  delivery: 3,
  attempt: 4,
  state: 5,
  back: 6,
  transfer: 7,
  mail: 8,
  note: 9,
};

/** Oldest first. */
export const inOrder = (entries: TimelineEntry[]): TimelineEntry[] =>
  entries.sort((a, b) => a.at.getTime() - b.at.getTime() || CAUSE_ORDER[a.kind] - CAUSE_ORDER[b.kind]);

export async function readStateEntries(
  db: Db,
  of: { paymentIds: string[]; order: 'asc' | 'desc'; take: number },
): Promise<Entry<'state'>[]> {
  const changes = await db.paymentChange.findMany({
    where: { paymentId: { in: of.paymentIds } },
    orderBy: [{ at: of.order }, { n: of.order }],
    take: of.take,
    select: { paymentId: true, n: true, from: true, to: true, reason: true, cause: true, at: true },
  });
  return changes.map(({ n, ...change }) => ({
    kind: 'state',
    key: `state:${change.paymentId}.${n}`,
    ...change,
  }));
}

export async function readCallEntries(
  db: Db,
  of: { purposes: string[]; order: 'asc' | 'desc'; take: number },
): Promise<Entry<'call'>[]> {
  const calls = await db.stripeCall.findMany({
    where: { purpose: { in: of.purposes } },
    orderBy: { createdAt: of.order },
    take: of.take,
    select: {
      id: true,
      kind: true,
      key: true,
      attempt: true,
      state: true,
      sends: true,
      objectId: true,
      httpStatus: true,
      requestId: true,
      errorCode: true,
      errorMessage: true,
      absentAt: true,
      firstSentAt: true,
      createdAt: true,
    },
  });
  return calls.map(({ kind, key, firstSentAt, createdAt, ...call }) => ({
    kind: 'call',
    key: `call:${call.id}`,
    at: firstSentAt ?? createdAt,
    call: kind,
    idempotencyKey: key,
    ...call,
  }));
}

/** `approval:apr_…:usr_…`, one for each person who is told. */
const OF_APPROVAL = /^approval:(\w+):/;

/** Mails that payments, refunds and requests for a second person caused; their bodies are blanked once they are sent. */
export async function readMailEntries(
  db: Db,
  of: { paymentIds: string[]; refundIds?: string[]; approvalIds: string[]; take: number },
): Promise<Entry<'mail'>[]> {
  const { paymentIds, refundIds = [], approvalIds } = of;
  const causes = [...paymentIds.map((id) => `payment:${id}`), ...refundIds.map((id) => `refund:${id}`)];
  const mails = await db.mail.findMany({
    where: {
      OR: [{ cause: { in: causes } }, ...approvalIds.map((id) => ({ cause: toUsers(`approval:${id}`) }))],
    },
    orderBy: { createdAt: 'desc' },
    take: of.take,
    select: {
      id: true,
      cause: true,
      kind: true,
      subject: true,
      recipient: true,
      state: true,
      sentAt: true,
      lastError: true,
      createdAt: true,
    },
  });
  return mails.map(({ cause, kind, lastError, createdAt, ...mail }) => ({
    kind: 'mail',
    key: `mail:${mail.id}`,
    at: createdAt,
    mail: kind,
    fault: lastError,
    approvalId: OF_APPROVAL.exec(cause)?.[1] ?? null,
    ...mail,
  }));
}

/** Causes that end in the id of any user, as a range that an index knows under any collation: ids end in hex. */
const toUsers = (cause: string) => ({ gte: `${cause}:usr_0`, lt: `${cause}:usr_g` });

/** A transfer's entries follow each other, for one wallet writes them under one lock. */
export function transfersOf(lines: LedgerLine[]): Entry<'transfer'>[] {
  const byTransfer = new Map<string, LedgerLine[]>();
  for (const line of lines) {
    const own = byTransfer.get(line.transferId);
    if (own === undefined) byTransfer.set(line.transferId, [line]);
    else own.push(line);
  }
  return [...byTransfer.entries()].flatMap(([id, own]): Entry<'transfer'>[] => {
    const head = own[0];
    if (head === undefined) return [];
    const { recordedAt: at, kind: transfer, actor } = head;
    return [{ kind: 'transfer', key: `transfer:${id}`, at, id, transfer, actor, lines: own }];
  });
}
