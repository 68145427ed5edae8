/** Work that a person can pause for a while, in one book. Nothing of it is lost: it waits. */
export const PAUSABLE_WORK = ['selling', 'processing', 'top_ups', 'outgoing'] as const;
export type PausableWork = (typeof PAUSABLE_WORK)[number];

export const PAUSE_LABEL: Record<PausableWork, string> = {
  selling: 'Selling',
  processing: 'Processing',
  top_ups: 'Automatic top-ups',
  outgoing: 'Outgoing webhooks',
};

/** What a pause stops, what goes on, and what becomes of what waits. */
export const PAUSE_EFFECT: Record<PausableWork, string> = {
  selling:
    'Nobody can start a purchase, a plan, a change of plan or a saved card; the store says so on every page. Payment pages that are open already can be paid and settle as always. Store links open, and show the notice.',
  processing:
    'Webhooks of Stripe are received, stored and answered as always, but none is acted on: payments stay open and no credits are added until it goes on. Replays wait too. Then all of it is processed, once.',
  top_ups:
    'No saved card is charged. What customers agreed to stays as it is; once it goes on, every balance that has fallen below its threshold is looked at again.',
  outgoing: 'Messages to your product are still written, but none is sent. Once it goes on, all of them are.',
};

export const PAUSE_REASONS = ['incident', 'maintenance', 'fraud', 'supply', 'over', 'other'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

export const PAUSE_REASON_LABEL: Record<PauseReason, string> = {
  incident: 'Something is broken',
  maintenance: 'Planned maintenance',
  fraud: 'Fraud or abuse',
  supply: 'Nothing to deliver for credits',
  over: 'The cause is over',
  other: 'Other',
};

export type PauseBook = 'test' | 'live';

/** A switch as it stands. */
export interface PauseSwitchView {
  book: PauseBook;
  work: PausableWork;
  /** Null while the work goes on. */
  pause: { since: Date; actor: string; reason: string; comment: string } | null;
}
