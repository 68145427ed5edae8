import * as z from 'zod';

import { fromUnix } from '~/platform/time';

export interface DeliveredEvent {
  id: string;
  type: string;
  /** Of `data.object`; absent on the few objects that have none. */
  objectId: string | undefined;
  apiVersion: string | undefined;
  /** The connected account; absent on events of the account's own. */
  account: string | undefined;
  created: Date;
  livemode: boolean;
}

/** The envelope of an event, wherever it was read. */
export const deliveredEvent = z
  .object({
    object: z.literal('event'),
    id: z.string().regex(/^evt_[A-Za-z0-9_]{1,250}$/),
    type: z.string().min(1).max(200),
    api_version: z.string().nullish(),
    account: z.string().nullish(),
    created: z.int(),
    livemode: z.boolean(),
    data: z.object({ object: z.object({ id: z.string().optional() }) }),
  })
  .transform(({ id, type, api_version, account, created, livemode, data }): DeliveredEvent => ({
    id,
    type,
    objectId: data.object.id,
    apiVersion: api_version ?? undefined,
    account: account ?? undefined,
    created: fromUnix(created),
    livemode,
  }));
