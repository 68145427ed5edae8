import { currencyExponent, formatMoney } from './money';

/** An amount as people write it: "20", "$20.00", "1,250.5 eur". */
interface AmountText {
  whole: string;
  fraction: string;
  symbol: string | undefined;
  currency: string | undefined;
}

const SHAPE =
  /^(?:(?<before>[A-Za-z]{3})\s*)?(?<symbol>\p{Sc})?\s*(?<whole>\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(?<fraction>\d{1,3}))?\s*(?<sign>\p{Sc})?(?:\s*(?<after>[A-Za-z]{3}))?$/u;

/** What was meant, or undefined when the text is no amount. */
export function parseAmount(text: string): AmountText | undefined {
  const groups = SHAPE.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  return {
    whole: (groups['whole'] ?? '').replaceAll(',', ''),
    fraction: groups['fraction'] ?? '',
    symbol: groups['symbol'] ?? groups['sign'],
    currency: (groups['before'] ?? groups['after'])?.toLowerCase(),
  };
}

/** The amount in a currency's smallest unit; undefined when it is finer than the currency, or names another one. */
export function minorOf(amount: AmountText, currency: string): bigint | undefined {
  if (amount.currency !== undefined && amount.currency !== currency) return undefined;
  if (amount.symbol !== undefined && !formatMoney(0n, currency).includes(amount.symbol)) return undefined;
  const places = currencyExponent(currency);
  const fraction = amount.fraction.replace(/0+$/, '');
  if (fraction.length > places) return undefined;
  return BigInt(amount.whole + fraction.padEnd(places, '0'));
}

/** A text as an amount of one currency, in its smallest unit; undefined when it is none, or finer than the currency. */
export function parseMinor(text: string, currency: string): bigint | undefined {
  const amount = parseAmount(text);
  return amount === undefined ? undefined : minorOf(amount, currency);
}
