import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FAMILY_LENGTH = 16;

let pool = Buffer.alloc(0);
let taken = 0;

/** The next random byte; the system is asked for thousands at a time. */
function randomByte(): number {
  if (taken === pool.length) {
    pool = randomBytes(8192);
    taken = 0;
  }
  taken += 1;
  return pool[taken - 1] ?? 0;
}

export function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    const byte = randomByte();
    // 248 is the largest multiple of 62 in a byte: above it some characters would come more often.
    if (byte < 248) text += ALPHABET[byte % 62];
  }
  return text;
}

function base62(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62))
    text = ALPHABET[rest % 62] + text;
  return text;
}

/**
 * Ids in Stripe's forms. Longer ones hold the second of making and the account; a PaymentIntent, its charges,
 * refunds, balance transactions and their events share the sixteen characters after the prefix.
 */
export class Ids {
  constructor(
    private readonly accountId: string,
    private readonly livemode: boolean,
    private readonly now: () => number,
  ) {}

  /** cus_, prod_, req_ and others with fourteen characters. */
  short(prefix: string): string {
    return `${prefix}_${randomText(14)}`;
  }

  long(prefix: string): string {
    return `${prefix}_${this.family('1')}${randomText(8)}`;
  }

  paymentIntent(): string {
    return `pi_${this.family('3')}${randomText(8)}`;
  }

  /** An id of the family of a PaymentIntent, charge or other member. */
  relative(prefix: string, member: string): string {
    const start = member.indexOf('_') + 1;
    return `${prefix}_${member.slice(start, start + FAMILY_LENGTH)}${randomText(8)}`;
  }

  checkoutSession(): string {
    return `cs_${this.livemode ? 'live' : 'test'}_a1${randomText(56)}`;
  }

  static account(): string {
    return `acct_1${randomText(15)}`;
  }

  static signingSecret(): string {
    return `whsec_${randomText(32)}`;
  }

  private family(variant: '1' | '3'): string {
    return `${variant}${base62(this.now(), 5)}${this.accountId.slice(-10)}`;
  }
}

export function isPaymentFamily(id: string): boolean {
  return id.startsWith('3', id.indexOf('_') + 1);
}
