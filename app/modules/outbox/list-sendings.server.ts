import { type Db } from '~/platform/db.server';

import { type SendingState } from './shared';

const LINE = {
  ...{ id: true, messageId: true, endpointId: true, n: true, replayOfId: true, actor: true, state: true },
  ...{ tries: true, createdAt: true, dueAt: true, claimedUntil: true, endedAt: true },
  message: { select: { type: true, customerId: true, at: true } },
} as const;

const TRY = { n: true, at: true, ms: true, status: true, error: true, answer: true } as const;

/** One message on its way to one endpoint. */
export interface SendingView {
  id: string;
  messageId: string;
  endpointId: string;
  /** 1, or how many times it was asked for anew. */
  n: number;
  replayOfId: string | null;
  /** Who asked for it; null when the message itself did. */
  actor: string | null;
  state: SendingState;
  tries: number;
  createdAt: Date;
  /** When it is, or was last, to be tried. */
  dueAt: Date;
  claimedUntil: Date | null;
  endedAt: Date | null;
  message: { type: string; customerId: string | null; at: Date };
}

export interface SendingDetail extends SendingView {
  /** Requests, oldest first; one whose worker died is missing. */
  log: {
    n: number;
    at: Date;
    ms: number;
    status: number | null;
    error: string | null;
    answer: string | null;
  }[];
}

export interface SendingFilter {
  endpointId: string;
  state?: SendingState | undefined;
  /** The last sending of the page before. */
  before?: string | undefined;
  take: number;
}

/** What an endpoint was sent, the newest first. */
export function listSendings(db: Db, filter: SendingFilter): Promise<SendingView[]> {
  const { endpointId, state, before, take } = filter;
  return db.sending.findMany({
    where: {
      endpointId,
      ...(state === undefined ? {} : { state }),
      ...(before === undefined ? {} : { id: { lt: before } }),
    },
    select: LINE,
    orderBy: { id: 'desc' },
    take,
  });
}

const MOST_TRIES = 50;

/** A sending with each of its requests. */
export function readSending(db: Db, sendingId: string): Promise<SendingDetail | null> {
  return db.sending.findUnique({
    where: { id: sendingId },
    select: { ...LINE, log: { select: TRY, orderBy: { n: 'asc' }, take: MOST_TRIES } },
  });
}
