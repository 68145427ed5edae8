import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { type Carrier } from './store-delivery.server';

export interface Refusal {
  verdict: 'bad_signature' | 'stale' | 'wrong_realm' | 'too_big' | 'not_json';
  status: 400 | 413;
  detail: string;
  realmId: string | null;
  secretNumber: number | null;
  /** Only from a body that was verified. */
  event: { id: string; type: string; apiVersion: string | undefined } | undefined;
}

const ROWS_PER_WINDOW = 10;
const WINDOW = seconds(1);

interface Window {
  startedAt: number;
  rows: number;
  unlogged: number;
}

/** One window per cause in a process. A flood of forgeries costs ten rows a second and then one line with its count. */
const windowsOf = new WeakMap<Db, Map<Refusal['verdict'], Window>>();

/** Logs a refused delivery as a row without its body. */
export async function refuseDelivery(db: Db, carrier: Carrier, refusal: Refusal): Promise<void> {
  if (!takeRow(db, refusal.verdict, performance.now())) return;
  await db.delivery.create({
    data: {
      realmId: refusal.realmId,
      eventId: refusal.event?.id ?? null,
      eventType: refusal.event?.type ?? null,
      apiVersion: refusal.event?.apiVersion ?? null,
      verdict: refusal.verdict,
      detail: refusal.detail,
      status: refusal.status,
      path: carrier.path,
      ip: carrier.ip,
      agent: carrier.agent,
      secret: refusal.secretNumber,
      bytes: carrier.bytes,
      ms: performance.now() - carrier.startedAt,
      requestId: carrier.requestId,
    },
    select: { id: true },
  });
}

function takeRow(db: Db, cause: Refusal['verdict'], now: number): boolean {
  const windows = windowsOf.get(db) ?? new Map<Refusal['verdict'], Window>();
  windowsOf.set(db, windows);
  let window = windows.get(cause);
  if (window === undefined || now - window.startedAt >= WINDOW) {
    window = { startedAt: now, rows: 0, unlogged: 0 };
    windows.set(cause, window);
  }
  if (window.rows < ROWS_PER_WINDOW) {
    window.rows += 1;
    return true;
  }
  if (window.unlogged === 0) reportAtEnd(cause, window, WINDOW - (now - window.startedAt));
  window.unlogged += 1;
  return false;
}

function reportAtEnd(cause: Refusal['verdict'], window: Window, wait: number): void {
  setTimeout(() => {
    log.warn('deliveries refused without a row', {
      cause,
      count: window.unlogged,
      ...(cause === 'bad_signature' ? { hint: 'probable secret mismatch' } : {}),
    });
  }, wait).unref();
}
