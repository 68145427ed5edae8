/** The version of requests without a Stripe-Version header: older than endive, as the CLI's triggers need. */
export const ACCOUNT_VERSION = '2026-07-29.dahlia';
/** The version the official SDK 23.1.0 pins; the shape of every object here. */
export const PINNED_VERSION = '2026-10-28.endive';
/** From here on `payment_method_types` can no longer be passed. */
const METHOD_TYPES_GONE = '2026-09-30';

const LAST_UNNAMED = '2024-06-20';
const NAMED_RELEASES: Record<string, { first: string; last: string }> = {
  acacia: { first: '2024-09-30', last: '2025-02-24' },
  basil: { first: '2025-03-31', last: '2025-08-27' },
  clover: { first: '2025-09-30', last: '2026-02-25' },
  dahlia: { first: '2026-03-25', last: '2026-08-26' },
  endive: { first: '2026-09-30', last: '2026-10-28' },
};

export function isKnownVersion(version: string): boolean {
  const [, date, release] = /^(\d{4}-\d{2}-\d{2})(?:\.([a-z]+))?$/.exec(version) ?? [];
  if (date === undefined) return false;
  if (release === undefined) return date >= '2011-01-01' && date <= LAST_UNNAMED;
  const span = NAMED_RELEASES[release];
  return span !== undefined && date >= span.first && date <= span.last;
}

export function acceptsPaymentMethodTypes(version: string): boolean {
  return version.slice(0, METHOD_TYPES_GONE.length) < METHOD_TYPES_GONE;
}

/** Before clover a promotion code named its coupon at the top; requests without a header may still do so. */
export function takesCouponAtTop(version: string): boolean {
  return version < '2025-09-30' || version === ACCOUNT_VERSION;
}
