import { type ApproveInput, type RejectInput, type RejectOutcome } from '~/modules/approvals/index.server';
import { type ReaderOf, type SettingsOf } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

/** What rooms need to show and carry out what was asked for. */
export interface ApprovalDeps {
  db: Db;
  /** The book of this console: requests of the other belong to its own. */
  book: 'test' | 'live';
  settingsOf: SettingsOf;
  readerOf: ReaderOf;
}

/** A request as its room reads it. */
export interface Requested {
  id: string;
  book: 'test' | 'live';
  subject: string;
  customerId: string | null;
  unit: string;
  amount: bigint;
  body: unknown;
}

/** What carrying a request out would do as things stand now. */
export interface RequestPreview {
  /** Before → after; `unit` is `credits`, a currency, or null for words. */
  changes: readonly (
    | { label: string; unit: string; before: bigint; after: bigint }
    | { label: string; unit: null; before: string; after: string }
  )[];
  /** What cannot be said in numbers. */
  notes: readonly string[];
  /** Why it cannot be carried out now. */
  bar: string | undefined;
}

/** How an approval ended, for the person who gave it. */
export type CarriedOut =
  /** `way` leads to what it made. */
  | { outcome: 'done'; message: string; way?: { to: string; label: string } }
  /** It was let go; what comes of it is not known yet. */
  | { outcome: 'open'; message: string; way?: { to: string; label: string } }
  /** Nothing was done. */
  | { outcome: 'refused'; message: string };

/** How the requests of one kind of act are shown, carried out and declined: by the room that acts. */
export interface ApprovalDoor {
  preview: (deps: ApprovalDeps, request: Requested) => Promise<RequestPreview>;
  approve: (deps: ApprovalDeps, input: ApproveInput) => Promise<CarriedOut>;
  decline: (deps: ApprovalDeps, input: RejectInput) => Promise<RejectOutcome>;
}
