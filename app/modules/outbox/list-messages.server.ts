import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { type MessageType, type SendingState } from './shared';

/** A message and what became of it at each endpoint. */
export interface MessageView {
  id: string;
  type: string;
  customerId: string | null;
  cause: string;
  at: Date;
  sendings: { id: string; endpointId: string; n: number; state: SendingState }[];
}

export interface MessageFilter {
  book: Book;
  type?: MessageType | undefined;
  customerId?: string | undefined;
  /** The last message of the page before. */
  before?: string | undefined;
  take: number;
}

const SENDINGS = 50;

/** What a book told, the newest first, whether anybody listened or not. */
export function listMessages(db: Db, filter: MessageFilter): Promise<MessageView[]> {
  const { book, type, customerId, before, take } = filter;
  return db.message.findMany({
    where: {
      bookId: book,
      ...(type === undefined ? {} : { type }),
      ...(customerId === undefined ? {} : { customerId }),
    },
    select: {
      ...{ id: true, type: true, customerId: true, cause: true, at: true },
      sendings: {
        select: { id: true, endpointId: true, n: true, state: true },
        orderBy: { id: 'asc' },
        take: SENDINGS,
      },
    },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    ...(before === undefined ? {} : { cursor: { id: before }, skip: 1 }),
    take,
  });
}
