import * as z from 'zod';

import { type Tx } from '~/platform/db.server';
import { minutes } from '~/platform/time';

import { type AlertKind } from './shared';

/** Something that is so at this moment. */
export interface Observation {
  kind: AlertKind;
  subject: string;
  /** One sentence with its numbers, which names no person. */
  detail: string;
  size: number;
  page: string;
}

/** What a look's statement answers. */
export const rows = z.array(
  z.object({ subject: z.string(), what: z.string(), n: z.number(), oldest: z.date().nullable() }),
);
/** Of findings: how many of one kind stand in a realm, which is named. */
export const findingRows = z.array(
  z.object({ subject: z.string(), what: z.string(), n: z.number(), realm: z.string() }),
);
export type Row = z.infer<typeof rows>[number];

/** More subjects of one kind are told by those that are. */
export const MOST = 50;

export type Look = (tx: Tx, threshold: number, now: Date) => Promise<Observation[]>;

export const ago = (now: Date, ms: number) => new Date(now.getTime() - ms);
export const things = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
export const minutesSince = (now: Date, at: Date | null) =>
  things(at === null ? 0 : Math.floor((now.getTime() - at.getTime()) / minutes(1)), 'minute');
