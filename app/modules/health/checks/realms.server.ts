import { fingerprintOf, knowsObject } from '~/modules/stripe/index.server';

import { type Check, type Checked, type Found, NO_REALM, type Patient } from '../patient.server';
import { whatIsOpen } from '../what-is-open.server';
import { notAnswered } from './stripe.server';

async function checkAccountOfKey(patient: Patient): Promise<Checked> {
  const silent = notAnswered(patient);
  if (silent !== undefined) return silent;
  const { db, look, realm } = patient;
  if (look?.account.outcome !== 'read') return { skipped: 'the key may not read its account' };
  const { id: account } = look.account.value;
  if (realm !== undefined && realm.account !== account)
    return [
      {
        code: 'key_of_other_account',
        subject: realm.account,
        said: `This database knows the key for one of ${realm.account}; Stripe says that it is one of ${account}.`,
      },
    ];
  const seller = await db.realm.findFirst({
    where: { mode: look.mode, sells: true },
    select: { account: true, mode: true, name: true },
  });
  if (seller === null || seller.account === account) return [];
  return [
    {
      code: 'key_new',
      subject: seller.account,
      said: `${seller.name} (${seller.account}) sells in the ${seller.mode} book; started with this key, ${account} does from then on.`,
    },
  ];
}

/** Ids that Stripe forgets never, the newest of each kind. */
const SAMPLE = 2;

async function checkIds(patient: Patient): Promise<Checked> {
  const silent = notAnswered(patient);
  if (silent !== undefined) return silent;
  const { db, settings, realm } = patient;
  if (realm === undefined) return NO_REALM;
  const where = { realmId: realm.id };
  const newest = { orderBy: { createdAt: 'desc' }, take: SAMPLE } as const;
  const [customers, intents, subscriptions] = await Promise.all([
    db.stripeCustomer.findMany({ where, ...newest, select: { stripeId: true } }),
    db.payment.findMany({
      where: { ...where, stripeIntent: { not: null } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: SAMPLE,
      select: { stripeIntent: true },
    }),
    db.subscription.findMany({ where, ...newest, select: { stripeId: true } }),
  ]);
  const objects: { id: string; path: `/v1/${string}` }[] = [
    ...customers.map(({ stripeId: id }) => ({ id, path: `/v1/customers/${id}` as const })),
    ...intents.flatMap(({ stripeIntent: id }) =>
      id === null ? [] : [{ id, path: `/v1/payment_intents/${id}` as const }],
    ),
    ...subscriptions.map(({ stripeId: id }) => ({ id, path: `/v1/subscriptions/${id}` as const })),
  ];
  const answers = await Promise.all(
    objects.map(async ({ id, path }) => ({ id, outcome: await knowsObject(settings, path) })),
  );
  return answers.flatMap(({ id, outcome }): Found[] =>
    outcome === 'missing'
      ? [
          {
            code: 'ids_of_other_account',
            subject: id,
            said: `Stripe knows no ${id} under this key, and our rows name it.`,
          },
        ]
      : [],
  );
}

/** Realms of the key's book that sell no more, have something open, and whose key is not held. */
async function checkFormer({ db, settings, realm, env, now }: Patient): Promise<Found[]> {
  const mode = realm?.mode ?? (/_live_/.test(settings.secretKey) ? 'live' : 'test');
  const held = env.STRIPE_FORMER_REALMS.map(({ secretKey }) => fingerprintOf(secretKey));
  const former = await db.realm.findMany({
    where: {
      ...{ mode, sells: false, keys: { none: { fingerprint: { in: held } } } },
      ...(realm && { id: { not: realm.id } }),
    },
    take: 50,
    orderBy: { createdAt: 'asc' },
    select: { id: true, account: true, name: true, mode: true },
  });
  const looked = await Promise.all(former.map(async (one) => ({ one, ...(await whatIsOpen(db, one, now)) })));
  return looked.flatMap(({ one: { account, name }, open }): Found[] => {
    const parts = open.filter(({ count }) => count > 0);
    if (parts.length === 0) return [];
    const words = parts.map(({ kind, count }) => `${count} ${count === 1 ? kind.slice(0, -1) : kind}`);
    return [
      {
        code: 'former_realm_open',
        subject: account,
        said: `${name} (${account}) sells no more, its key is not held, and it has open: ${words.join(', ')}.`,
      },
    ];
  });
}

export const REALM_CHECKS: readonly Check[] = [
  { codes: ['key_of_other_account', 'key_new'], run: checkAccountOfKey },
  { codes: ['ids_of_other_account'], run: checkIds },
  { codes: ['former_realm_open'], run: checkFormer },
];
