/** How long ago the first payment was begun. */
export const DAYS = 730;
export const REALM = 'rlm_bench';

/** Of each payment: events, entries; each customer makes this many payments. */
export const EVENTS_EACH = 3;
export const ENTRIES_EACH = 10;
export const PAYMENTS_EACH = 5;
/** So many of each kind wait for a person, however many payments there are. */
export const STANDING = 200;
/** The address of the product that hears messages. */
export const ENDPOINT = 'whe_bench';

export const HEX = (n: string) => `lpad(to_hex(${n}), 32, '0')`;
export const idOf = (prefix: string, n: number) => `${prefix}_${n.toString(16).padStart(32, '0')}`;
