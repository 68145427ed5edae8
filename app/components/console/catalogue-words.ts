import { type CatalogVersionView } from '~/modules/catalog/shared';
import { formatCredits, formatMoney, toDecimal } from '~/platform/money';

/** A version in words, line by line: what a change of it shows before and after. */
export function factsOf(version: CatalogVersionView): { label: string; words: string }[] {
  const { name, description, credits, expiresDays, interval, trialDays, trialCredits, rolloverPeriods } =
    version;
  const trial =
    trialDays === null
      ? 'none'
      : `${trialDays} days${trialCredits === null ? '' : `, ${formatCredits(trialCredits)} credits`}`;
  return [
    { label: 'Name', words: name },
    { label: 'Description', words: description === '' ? '–' : description },
    { label: interval === null ? 'Credits' : `Credits a ${interval}`, words: formatCredits(credits) },
    ...(interval === null
      ? [{ label: 'Expire', words: expiresDays === null ? 'never' : `after ${expiresDays} days` }]
      : [
          { label: 'Trial', words: trial },
          { label: 'Rollover', words: rolloverPeriods === 0 ? 'none' : `${rolloverPeriods} periods` },
        ]),
    { label: 'Prices', words: pricesOf(version) },
  ];
}

const pricesOf = ({ prices }: Pick<CatalogVersionView, 'prices'>): string =>
  prices.map(({ amount, currency }) => formatMoney(amount, currency)).join(', ');

/** What is other than in the version before it. */
export function changedIn(version: CatalogVersionView, former: CatalogVersionView | undefined): string {
  if (former === undefined) return 'The first one';
  const before = new Map(factsOf(former).map(({ label, words }) => [label, words]));
  const changed = factsOf(version).filter(({ label, words }) => before.get(label) !== words);
  return changed.map(({ label, words }) => `${label}: ${before.get(label) ?? '–'} → ${words}`).join('; ');
}

/** Prices as they are typed: a currency and an amount a line. */
export const typedPrices = ({ prices }: Pick<CatalogVersionView, 'prices'>): string =>
  prices.map(({ currency, amount }) => `${currency.toUpperCase()} ${toDecimal(amount, currency)}`).join('\n');
