import { type Db } from '~/platform/db.server';

import { chooseCurrency, type CurrencyHints } from './choose-currency';

const MAX_ITEMS = 200;

/** The currencies, in lower case and in their order, that something is on sale for in this realm. */
async function listCurrencies(db: Db, realmId: string): Promise<string[]> {
  const items = await db.catalogItem.findMany({
    where: { onSale: true },
    take: MAX_ITEMS,
    select: {
      versions: {
        orderBy: { n: 'desc' },
        take: 1,
        select: { prices: { where: { stripePrices: { some: { realmId } } }, select: { currency: true } } },
      },
    },
  });
  const all = items.flatMap(({ versions }) => versions.flatMap(({ prices }) => prices));
  return [...new Set(all.map(({ currency }) => currency))].sort();
}

/** What this visitor sees prices in, and what else they may choose. Falls back to `storeCurrency` where nothing is sold. */
export async function readCurrency(
  db: Db,
  {
    realmId,
    storeCurrency,
    ...hints
  }: Omit<CurrencyHints, 'sold'> & { realmId: string; storeCurrency: string },
): Promise<{ currency: string; currencies: string[] }> {
  const currencies = await listCurrencies(db, realmId);
  const sold = [storeCurrency, ...currencies].filter((currency) => currencies.includes(currency));
  return { currency: chooseCurrency({ ...hints, sold }) ?? storeCurrency, currencies };
}
