import { type Db } from '../../app/platform/db.server';
import { days, utcDay } from '../../app/platform/time';
import { idOf, PAYMENTS_EACH, STANDING } from './console-shape';

export interface Store {
  db: Db;
  payments: number;
  /** When its last payment was begun. */
  now: Date;
}

/** One page, or one way to ask for it, read as its loader reads it. */
export interface Asked {
  title: string;
  ask: (store: Store) => Promise<unknown>;
}

export const below = (limit: number) => Math.floor(Math.random() * limit);
/** One of every so many rows, of any time. */
const oneOf =
  (each: number, rest = 0) =>
  ({ payments }: Store) =>
    below(payments / each) * each + rest;
export const anyPaid = (store: Store) => oneOf(10)(store) + below(9);
export const anyPlan = oneOf(10, 3);
export const anyRefunded = oneOf(50, 1);
export const anyDisputed = oneOf(100, 6);
export const anyAsked = oneOf(100, 4);
export const anyCustomer = ({ payments }: Store) => below(payments / PAYMENTS_EACH / 10) * 10 + below(9);
/** One of the few of each kind that wait for a person. */
export const anyStanding = (store: Store, rest: number) => oneOf(store.payments / STANDING, rest)(store);
export const anyReplay = ({ payments }: Store) => below(100) * (payments / 100);

export const dayAgo = ({ now }: Store, n: number) => utcDay(new Date(now.getTime() - days(n)));
export const monthAgo = (store: Store, n: number) => dayAgo(store, 30 * n).slice(0, 7);

/** Any seven days. */
export function anyWeek(store: Store): { since: string; until: string } {
  const n = 7 + below(700);
  return { since: dayAgo(store, n), until: dayAgo(store, n - 6) };
}

/** A page that lies somewhere in a list, by the prefix of its rows' ids; without one they are numbered. */
export function deep({ now }: Store, prefix?: string): string {
  const at = new Date(now.getTime() - days(1 + below(700))).toISOString().replace('Z', '000Z');
  return `after=${encodeURIComponent(`5000~${at}~${prefix === undefined ? '1' : idOf(prefix, 0)}`)}`;
}

export async function found<T>(reading: Promise<T | undefined>): Promise<T> {
  const read = await reading;
  if (read === undefined) throw new Error('The page is not there.');
  return read;
}

/** @throws when the list has no rows: then it is not what it is called. */
export async function filled<T extends { rows: readonly unknown[] }>(reading: Promise<T>): Promise<T> {
  const list = await reading;
  if (list.rows.length === 0) throw new Error('The list is empty.');
  return list;
}
