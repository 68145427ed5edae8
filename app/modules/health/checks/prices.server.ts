import { listPricesToSync, type PriceToSync } from '~/modules/catalog/index.server';
import { lookAtPrice } from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';

import { type Check, type Checked, type Found, NO_REALM, type Patient } from '../patient.server';
import { notAnswered } from './stripe.server';

async function checkForSale({ db }: Patient): Promise<Found[]> {
  if ((await db.catalogItem.count({ where: { onSale: true } })) > 0) return [];
  return [{ code: 'nothing_for_sale', said: 'The catalogue has neither pack nor plan on sale.' }];
}

/** How many prices are asked for at the same time. */
const AT_ONCE = 5;

async function checkPrices(patient: Patient): Promise<Checked> {
  const silent = notAnswered(patient);
  if (silent !== undefined) return silent;
  const { db, realm } = patient;
  if (realm === undefined) return NO_REALM;
  const prices = await listPricesToSync(db, realm.id);
  const found: Found[] = [];
  for (let first = 0; first < prices.length; first += AT_ONCE)
    found.push(
      ...(
        await Promise.all(prices.slice(first, first + AT_ONCE).map((price) => checkPrice(patient, price)))
      ).flat(),
    );
  return found;
}

async function checkPrice({ settings }: Patient, price: PriceToSync): Promise<Found[]> {
  const { stripeId, code, currency } = price;
  const what = `${code} in ${currency}`;
  if (stripeId === undefined)
    return [
      { code: 'price_unmade', subject: what, said: `${what} has no price at Stripe and is not offered.` },
    ];
  const look = await lookAtPrice(settings, stripeId, price);
  switch (look.state) {
    case 'sells':
      return [];
    case 'missing':
      return look.isOfOtherMode
        ? [
            {
              code: 'price_of_other_mode',
              subject: stripeId,
              said: `${stripeId}, which sells ${what}, is of the other mode than the key.`,
            },
          ]
        : [
            {
              code: 'price_missing',
              subject: stripeId,
              said: `Stripe knows no ${stripeId}, which sells ${what}.`,
            },
          ];
    case 'inactive':
      return [
        {
          code: 'price_inactive',
          subject: stripeId,
          said: `The ${look.what} of ${stripeId}, which sells ${what}, is archived.`,
        },
      ];
    case 'changed':
      return [
        {
          code: 'price_changed',
          subject: stripeId,
          said: `${stripeId}, which sells ${what}: ${look.differences.join('; ')}.`,
        },
      ];
    case 'unread':
      throw new Error(`${stripeId} was not read: ${look.message}`);
    default:
      return assertNever(look);
  }
}

export const PRICE_CHECKS: readonly Check[] = [
  { codes: ['nothing_for_sale'], run: checkForSale },
  {
    codes: ['price_unmade', 'price_missing', 'price_of_other_mode', 'price_inactive', 'price_changed'],
    run: checkPrices,
  },
];
