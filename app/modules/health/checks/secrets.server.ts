import { countUnopened } from '~/modules/auth/index.server';
import { fingerprintOf, isOnHost, secretMarkOf } from '~/modules/stripe/index.server';
import { hours } from '~/platform/time';

import { mask } from '../mask';
import { type Check, type Checked, type Found, NO_REALM, type Patient } from '../patient.server';
import { notAnswered } from './stripe.server';

/** How far back deliveries are looked at. */
const LATELY = hours(24);

/** Whether events that each secret verified were found at Stripe under this key, or under another account's. */
async function checkProven({ db, env, realm }: Patient): Promise<Checked> {
  if (realm === undefined) return NO_REALM;
  const secrets = env.STRIPE_WEBHOOK_SECRETS;
  const rows = await db.webhookSecret.findMany({
    where: { fingerprint: { in: secrets.map(fingerprintOf) }, provenAt: { not: null } },
    take: 100,
    select: {
      fingerprint: true,
      realmId: true,
      realm: { select: { name: true, account: true, mode: true } },
    },
  });
  return secrets.flatMap((secret): Found[] => {
    const proven = rows.filter(({ fingerprint }) => fingerprint === fingerprintOf(secret));
    if (proven.some(({ realmId }) => realmId === realm.id)) return [];
    const [other] = proven;
    if (other === undefined)
      return [
        {
          code: 'secret_unproven',
          subject: mask(secret),
          said: `No event of ${realm.account} has been verified by ${mask(secret)} yet.`,
        },
      ];
    const { account, mode } = other.realm;
    return [
      {
        code: 'secret_of_other_realm',
        subject: mask(secret),
        said: `${mask(secret)} signs events of ${account} in ${mode} mode, and the key is one of ${realm.account} in ${realm.mode} mode: half of a switch was made.`,
      },
    ];
  });
}

function checkMarks(patient: Patient): Checked {
  const silent = notAnswered(patient);
  if (silent !== undefined) return silent;
  const { look, env } = patient;
  if (look?.endpoints.outcome !== 'read') return { skipped: 'the key may not read webhook endpoints' };
  const marks = env.STRIPE_WEBHOOK_SECRETS.map(secretMarkOf);
  return look.endpoints.value.flatMap(({ id, url, secretMark, isEnabled }): Found[] =>
    secretMark === undefined || !isEnabled || !isOnHost(url, env.APP_URL) || marks.includes(secretMark)
      ? []
      : [
          {
            code: 'secret_not_set',
            subject: id,
            said: `The secret that ${id} was made with is not in STRIPE_WEBHOOK_SECRETS: its deliveries are refused.`,
          },
        ],
  );
}

async function checkSignatures({ db, realm, now }: Patient): Promise<Found[]> {
  const since = new Date(now.getTime() - LATELY);
  const isStripes = { agent: { startsWith: 'Stripe/' } };
  const failed = { verdict: 'bad_signature' as const, detail: 'probable_secret_mismatch', ...isStripes };
  const [failures, last, verified] = await Promise.all([
    db.delivery.count({ where: { ...failed, at: { gte: since } } }),
    db.delivery.findFirst({ where: failed, orderBy: [{ at: 'desc' }, { id: 'desc' }], select: { at: true } }),
    db.delivery.findFirst({
      where: {
        verdict: { in: ['first', 'repeat'] },
        at: { gte: since },
        ...(realm && { realmId: realm.id }),
      },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      select: { at: true },
    }),
  ]);
  if (failures === 0 || last === null) return [];
  const times = `${String(failures)} ${failures === 1 ? 'delivery' : 'deliveries'} of Stripe in 24 hours`;
  if (verified === null)
    return [
      {
        code: 'signature_failures',
        said: `${times} had a signature of another secret, and none was verified: STRIPE_WEBHOOK_SECRETS is not the secret of the endpoint.`,
      },
    ];
  // What was put right since says nothing more.
  if (verified.at > last.at && now.getTime() - last.at.getTime() > hours(1)) return [];
  return [
    {
      code: 'signature_failures',
      said: `${times} had a signature of another secret while others were verified: a second endpoint leads here, or a secret was rolled and its successor is not set.`,
    },
  ];
}

async function checkDeliveries({ db, realm, now }: Patient): Promise<Found[]> {
  const at = { gte: new Date(now.getTime() - LATELY) };
  const [foreign, stale, quarantined] = await Promise.all([
    db.delivery.findFirst({
      where: { verdict: 'wrong_realm', at },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      select: { detail: true },
    }),
    db.delivery.count({ where: { verdict: 'stale', at } }),
    realm === undefined
      ? 0
      : db.event.count({
          where: {
            realmId: realm.id,
            status: 'quarantined',
            reason: 'secret_of_another_account',
            receivedAt: at,
          },
        }),
  ]);
  const found: Found[] = [];
  if (foreign !== null)
    found.push({
      code: 'deliveries_of_other_realm',
      said: `Deliveries of another account or mode are refused, last ${foreign.detail ?? 'one of another realm'}.`,
    });
  else if (quarantined > 0)
    found.push({
      code: 'deliveries_of_other_realm',
      said: `${String(quarantined)} events that this account does not have wait in quarantine: a secret in STRIPE_WEBHOOK_SECRETS is another account’s.`,
    });
  if (stale > 0)
    found.push({
      code: 'deliveries_stale',
      said: `${String(stale)} deliveries of 24 hours were signed more than 5 minutes before they came.`,
    });
  return found;
}

async function checkSealed({ db, env }: Patient): Promise<Found[]> {
  const { sealed, unopened } = await countUnopened(db, env.ENCRYPTION_KEYS);
  if (unopened === 0) return [];
  return [
    {
      code: 'sealed_unopened',
      said: `ENCRYPTION_KEYS opens ${String(sealed - unopened)} of ${String(sealed)} two-step secrets: ${String(unopened)} of the staff cannot log in.`,
    },
  ];
}

export const SECRET_CHECKS: readonly Check[] = [
  { codes: ['secret_of_other_realm', 'secret_unproven'], run: checkProven },
  { codes: ['secret_not_set'], run: checkMarks },
  { codes: ['signature_failures'], run: checkSignatures },
  { codes: ['deliveries_of_other_realm', 'deliveries_stale'], run: checkDeliveries },
  { codes: ['sealed_unopened'], run: checkSealed },
];
