import * as z from 'zod';
import { randomText } from '../ids';
import type { DeliveryRecord } from '../store/records';
import { signBody } from './sign';

/** What goes over the wire. */
export interface Letter {
  body: string;
  signature: string;
}

export interface LetterInput {
  nature: DeliveryRecord['nature'];
  /** The genuine event. */
  body: string;
  secrets: readonly string[];
  livemode: boolean;
  /** Unix seconds, of the wall clock: receivers compare it with theirs. */
  timestamp: number;
  staleSeconds: number;
}

const FORGERS_SECRET = 'whsec_forged0000000000000000000000000';

const eventSchema = z.looseObject({
  id: z.string(),
  pending_webhooks: z.number(),
  data: z.looseObject({ object: z.record(z.string(), z.unknown()) }),
});

/** Signs a body as its nature asks. All but genuine letters must be refused by whoever gets them. */
export function writeLetter({
  nature,
  body,
  secrets,
  livemode,
  timestamp,
  staleSeconds,
}: LetterInput): Letter {
  switch (nature) {
    case 'genuine':
      return { body, signature: signBody(body, secrets, timestamp, livemode) };
    case 'stale':
      return { body, signature: signBody(body, secrets, timestamp - staleSeconds, livemode) };
    case 'forged_signature':
      return { body, signature: signBody(body, [FORGERS_SECRET], timestamp, livemode) };
    case 'forged_body':
      return { body: enriched(body), signature: signBody(body, secrets, timestamp, livemode) };
    case 'forged_event': {
      const invented = reworked(body, (event) => ({ ...event, id: `evt_1${randomText(23)}` }));
      return { body: invented, signature: signBody(invented, [FORGERS_SECRET], timestamp, livemode) };
    }
  }
}

/** Every amount of the event's object a hundred times larger; without amounts, another small change. */
function enriched(body: string): string {
  return reworked(body, (event) => {
    const object = Object.fromEntries(
      Object.entries(event.data.object).map(([name, value]) => [
        name,
        name.includes('amount') && typeof value === 'number' ? value * 100 : value,
      ]),
    );
    return { ...event, pending_webhooks: event.pending_webhooks + 1, data: { ...event.data, object } };
  });
}

function reworked(body: string, change: (event: z.infer<typeof eventSchema>) => object): string {
  return JSON.stringify(change(eventSchema.parse(JSON.parse(body))), null, 2);
}
