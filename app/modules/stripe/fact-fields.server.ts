import * as z from 'zod';

import { fromUnix } from '~/platform/time';

import { type Ours } from './shared';

/** An id, or the object where it was expanded. */
export const reference = z
  .union([z.string(), z.object({ id: z.string() }).transform((object) => object.id)])
  .nullish()
  .transform((id) => id ?? undefined);
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
export const amount = z.int().transform((value) => BigInt(value));
export const amountOrZero = z
  .int()
  .nullish()
  .transform((value) => BigInt(value ?? 0));

export const ours = z
  .record(z.string(), z.string())
  .nullish()
  .transform((metadata): Ours => ({
    ...(metadata?.['credence_realm'] === undefined ? {} : { realm: metadata['credence_realm'] }),
    ...(metadata?.['credence_payment'] === undefined ? {} : { payment: metadata['credence_payment'] }),
    ...(metadata?.['credence_customer'] === undefined ? {} : { customer: metadata['credence_customer'] }),
    ...(metadata?.['credence_id'] === undefined ? {} : { row: metadata['credence_id'] }),
    ...(metadata?.['credence_plan'] === undefined ? {} : { plan: metadata['credence_plan'] }),
    ...(metadata?.['credence_order'] === undefined ? {} : { order: metadata['credence_order'] }),
  }));

/** Seconds since 1970. */
export const time = z.int().transform(fromUnix);
export const timeOrNone = z
  .int()
  .nullish()
  .transform((at) => (at === null || at === undefined ? undefined : fromUnix(at)));
