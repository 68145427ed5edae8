import type { Letter } from '../deliveries/letter';
import type { SendOutcome } from '../deliveries/send';

/** One event for one listen session. */
export interface Parcel {
  /** One for each version the CLI may be told to take; null: the account's. */
  copies: Array<Letter & { apiVersion: string | null }>;
  /** How long the CLI may take to tell of an answer, from when it was given the parcel. */
  timeoutMs: number;
}

/** What deliveries need to know of `stripe listen`. */
export interface Listeners {
  /** undefined: no such session, or it has ended. */
  secretOf(sessionId: string): string | undefined;
  send(sessionId: string, parcel: Parcel): Promise<SendOutcome>;
}
