import * as z from 'zod';

import { settledInEvent } from '~/modules/stripe/index.server';

import { Prisma } from '../../../prisma/generated/client';
import { type Reader } from './read-in-time.server';
import { type CustomerRef, type StuckView } from './shared';

export interface StuckEvent {
  realmId: string;
  id: string;
  type: string;
  payload: string;
}

const tries = z.array(
  z.object({
    realm: z.string(),
    event: z.string(),
    code: z.string().nullable(),
    detail: z.string().nullable(),
  }),
);

const customers = z.array(
  z.object({
    realm: z.string(),
    stripe_id: z.string().nullable(),
    id: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
  }),
);

const payer = z.object({
  data: z.object({
    object: z.object({
      customer: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish(),
      metadata: z.record(z.string(), z.string()).nullish(),
    }),
  }),
});

const NAMED = /\b(?:price|cus|sub|in|pi|cs)_\w+/;

/** What a fault's words name, by its id at Stripe. */
const namedIn = (detail: string | null): string | null => detail?.match(NAMED)?.[0] ?? null;

/** Whose object a body tells of, read leniently: it may be of any API version, and of another product. */
function payerOf(payload: string): { stripeCustomer: string | null; customerId: string | null } {
  const parsed = payer.safeParse(JSON.parse(payload));
  if (!parsed.success) return { stripeCustomer: null, customerId: null };
  const { customer, metadata } = parsed.data.data.object;
  return { stripeCustomer: customer ?? null, customerId: metadata?.['credence_customer'] ?? null };
}

/** What holds each of these events, by its id. Few events: their bodies are read. */
export async function readStuck(db: Reader, events: readonly StuckEvent[]): Promise<Map<string, StuckView>> {
  if (events.length === 0) return new Map();
  const ids = events.map(({ id }) => id);
  const realms = events.map(({ realmId }) => realmId);
  const newest = tries.parse(
    await db.$queryRaw`
      SELECT e.realm, e.event, a.code, a.detail
      FROM unnest(${realms}::text[], ${ids}::text[]) AS e (realm, event) CROSS JOIN LATERAL (
        SELECT code, detail FROM attempt WHERE realm = e.realm AND event = e.event ORDER BY run DESC, n DESC LIMIT 1
      ) a`,
  );
  const tryOf = new Map(newest.map((row) => [row.event, row]));
  const payers = new Map(events.map((event) => [event.id, payerOf(event.payload)]));
  const known = await readKnown(db, realms, [...payers.values()]);
  return new Map(
    events.map((event): [string, StuckView] => {
      const settled = settledInEvent(event);
      const { code = null, detail = null } = tryOf.get(event.id) ?? {};
      const { stripeCustomer = null, customerId = null } = payers.get(event.id) ?? {};
      const names = namedIn(detail);
      const image = stripeCustomer ?? (names?.startsWith('cus_') === true ? names : null);
      return [
        event.id,
        {
          ...{ code, detail, names },
          money: settled === undefined ? null : { amount: settled.amount, currency: settled.currency },
          stripeCustomer: image,
          customer: known.get(`${event.realmId} ${image ?? ''}`) ?? known.get(customerId ?? '') ?? null,
        },
      ];
    }),
  );
}

/** Customers by their image in a realm, and by our id. */
async function readKnown(
  db: Reader,
  realms: readonly string[],
  payers: readonly { stripeCustomer: string | null; customerId: string | null }[],
): Promise<Map<string, CustomerRef>> {
  const images = payers.flatMap(({ stripeCustomer }) => stripeCustomer ?? []);
  const ids = payers.flatMap(({ customerId }) => customerId ?? []);
  if (images.length + ids.length === 0) return new Map();
  const rows = customers.parse(
    await db.$queryRaw(Prisma.sql`
      SELECT s.realm, s.stripe_id, c.id, c.email, c.name FROM stripe_customer s JOIN customer c ON c.id = s.customer
      WHERE s.realm = ANY (${[...new Set(realms)]}::text[]) AND s.stripe_id = ANY (${images}::text[])
      UNION ALL
      SELECT '', NULL, c.id, c.email, c.name FROM customer c WHERE c.id = ANY (${ids}::text[])`),
  );
  return new Map(
    rows.map(({ realm, stripe_id, ...customer }) => [
      stripe_id === null ? customer.id : `${realm} ${stripe_id}`,
      customer,
    ]),
  );
}
