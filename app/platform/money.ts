/** Amounts are bigint in a currency's smallest unit, credits are whole bigint. Neither is ever a float. */

/** Stripe's exponents where they are not 2 (docs.stripe.com/currencies). ISK and UGX take two zeros by Stripe's rule. */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

/** How many decimal places Stripe's smallest unit of a currency stands for. */
export function currencyExponent(currency: string): 0 | 2 | 3 {
  const code = currency.toLowerCase();
  if (ZERO_DECIMAL.has(code)) return 0;
  return THREE_DECIMAL.has(code) ? 3 : 2;
}

/** Smallest units as a plain decimal string: 1050 usd is "10.50". Exact for any size. */
export function toDecimal(amount: bigint, currency: string): `${number}` {
  const places = currencyExponent(currency);
  const digits = (amount < 0n ? -amount : amount).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const text = places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
  return `${amount < 0n ? '-' : ''}${text}` as `${number}`;
}

/** An amount for people: "$10.50", "−$3.00", "¥500". */
export function formatMoney(amount: bigint, currency: string, locale = 'en-US'): string {
  const places = currencyExponent(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
  return format.format(toDecimal(amount, currency)).replace('-', '\u2212');
}

/** Credits for people: "12,500", "−40". */
export function formatCredits(amount: bigint, locale = 'en-US'): string {
  return new Intl.NumberFormat(locale).format(amount).replace('-', '\u2212');
}

/** What one credit costs: "$0.0099", to four places, for display only. */
export function formatPricePerCredit(
  amount: bigint,
  credits: bigint,
  currency: string,
  locale = 'en-US',
): string {
  const scaled = (amount * 10_000n) / credits;
  const places = currencyExponent(currency);
  const digits = scaled.toString().padStart(places + 5, '0');
  const cut = digits.length - places - 4;
  const decimal = `${digits.slice(0, cut)}.${digits.slice(cut)}` as `${number}`;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: places,
    maximumFractionDigits: 4,
  }).format(decimal);
}
