/** Where the dialogs about events and messages are sent, and what they ask for. */
export const EVENT_ACTS = {
  replay: '/admin/webhooks/replay',
  predict: '/admin/webhooks/predict',
  mend: '/admin/webhooks/mend',
  dismiss: '/admin/webhooks/dismiss',
  resend: '/admin/webhooks/resend',
} as const;

export const REPLAY_INTENTS = { start: 'start', cancel: 'cancel' } as const;
export const MEND_INTENTS = { price: 'price', customer: 'customer', assign: 'assign' } as const;
export const DISMISS_INTENT = 'dismiss';
export const RESEND_INTENTS = { these: 'these', failed: 'failed', missed: 'missed' } as const;

/** An event as it was seen; what is decided of it holds for this run alone. */
export interface SeenRef {
  realmId: string;
  eventId: string;
  run: number;
}

/** "1 event", "38 events" */
export const eventCount = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'event' : 'events'}`;
