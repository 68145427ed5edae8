import type Stripe from 'stripe';
import type { RequestBook } from '../store/request-book';
import type { Dispatcher, Posting } from '../deliveries/dispatcher';
import type { SentLetters } from '../deliveries/sent-letters';
import type { ResendTarget } from '../deliveries/resend';
import type { ListenHub } from '../listen/listen-hub';
import type { Faults, Settings } from '../settings';
import type { Store } from '../store/store';
import type { Task } from '../store/records';
import type { Ids } from '../ids';
import type { Happening } from './happening';

/** Who asked for a change. Events name the API request that made them; the sandbox's own acts name none. */
export interface Cause {
  requestId: string | null;
  idempotencyKey: string | null;
  apiVersion: string;
}

/** What every act of the engine works on. Acts are synchronous: between two of them the state is whole. */
export interface World {
  readonly store: Store;
  readonly ids: Ids;
  readonly account: Stripe.Account;
  /** Live objects say so, live sessions are named so, and test cards are refused. */
  readonly livemode: boolean;
  /** Where the hosted pages live, without a slash at the end. */
  readonly origin: string;
  /** The cause of what the sandbox or a visitor of its pages does. */
  readonly byItself: Cause;
  settings(): Settings;
  faults(): Faults;
  /** Unix seconds. */
  now(): number;
  nowMs(): number;
  /**
   * Records what happened, in logical order, and queues its deliveries. `typical` names the order in which Stripe
   * is seen to send these types; types that it leaves out keep their place at the end.
   */
  publish(cause: Cause, happenings: Happening[], typical?: readonly Stripe.Event.Type[]): void;
  /** Endpoints that were to get the event and have not acknowledged it. */
  pendingWebhooks(eventId: string): number;
  /** Sends the event again and says how many deliveries that makes. */
  resend(eventId: string, to: ResendTarget): number;
  /** Sends what was planned elsewhere. */
  post(postings: Posting[]): void;
  /** Deliveries that wait, for a person who does not. */
  readonly outbox: Pick<Dispatcher, 'drop' | 'sendNow'>;
  readonly sentLetters: SentLetters;
  readonly requests: RequestBook;
  /** Whoever runs `stripe listen` or `stripe logs tail`. */
  readonly listeners: ListenHub;
  /** Does `kind` to `subject` when the time comes, also after a restart. */
  later(kind: Task['kind'], subject: string, atMs: number): void;
  /** Does the task now. */
  perform(task: Task): void;
}

/** The id in a field that may hold an id or an expanded object. Stored objects always hold ids. */
export function idIn(reference: string | { id: string } | null | undefined): string | null {
  if (reference === null || reference === undefined) return null;
  return typeof reference === 'string' ? reference : reference.id;
}
