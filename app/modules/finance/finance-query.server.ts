import * as z from 'zod';

import { type Book, BOOKS } from '~/modules/ledger/shared';

const monthText = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/);

/** The book that an address asks for; the present realm's when it names none. */
export function bookOf(search: URLSearchParams, present: Book): Book {
  return z.enum(BOOKS).catch(present).parse(search.get('book'));
}

/** The month that an address asks for; the present one, in UTC, when it names none. */
export function monthOf(search: URLSearchParams, now: Date): string {
  return monthText.catch(now.toISOString().slice(0, 7)).parse(search.get('month'));
}
