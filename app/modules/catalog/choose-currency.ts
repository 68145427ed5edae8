import countryToCurrency from 'country-to-currency';

/** What is known of a visitor and money. Currencies in lower case. */
export interface CurrencyHints {
  /** What this realm sells in, in the shop's order. */
  sold: readonly string[];
  /** Picked by the visitor. */
  chosen?: string | undefined;
  /** Of the customer's latest payment. */
  paidIn?: string | undefined;
  /** ISO 3166, such as `DE`. */
  country?: string | undefined;
}

/** The currency to show prices in: chosen, else paid in before, else the country's, else the shop's first. Undefined when nothing is sold. */
export function chooseCurrency({ sold, chosen, paidIn, country }: CurrencyHints): string | undefined {
  return [chosen, paidIn, currencyOf(country), sold[0]].find(
    (currency) => currency !== undefined && sold.includes(currency),
  );
}

const CURRENCY_BY_COUNTRY = new Map<string, string>(Object.entries(countryToCurrency));

const currencyOf = (country: string | undefined) =>
  country === undefined ? undefined : CURRENCY_BY_COUNTRY.get(country)?.toLowerCase();
