/** Digits after the point in Stripe's smallest unit. ISK and UGX count two although they have none in practice. */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));

function exponentOf(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/** `10.5, 'usd'` → 1050; undefined for what is no amount of the currency. */
export function parseAmount(text: string, currency: string): number | undefined {
  const exponent = exponentOf(currency.toLowerCase());
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > exponent) return undefined;
  return Number(whole + fraction.padEnd(exponent, '0'));
}

/** `1000, 'usd'` → `$10.00`. The amount stays a decimal string throughout, so no digit is lost. */
export function formatAmount(
  amount: number,
  currency: string,
  display: 'symbol' | 'code' = 'symbol',
): string {
  const code = currency.toLowerCase();
  const exponent = exponentOf(code);
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = digits.slice(digits.length - exponent);
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: code.toUpperCase(),
    currencyDisplay: display,
    minimumFractionDigits: exponent,
    maximumFractionDigits: exponent,
  });
  const unsigned = format
    .formatToParts(Number(whole))
    .map((part) => (part.type === 'fraction' ? fraction : part.value))
    .join('');
  return amount < 0 ? `\u2212${unsigned}` : unsigned;
}
