import { createHash } from 'node:crypto';
import { DAY_MS } from '../durations';
import type { World } from '../engine/world';
import type { SavedAnswer } from '../store/records';
import { invalid, Refusal } from './refusal';

const KEPT_MS = DAY_MS;
const LONGEST_KEY = 255;

export interface KeyedRequest {
  key: string;
  method: string;
  path: string;
  query: string;
  body: string;
  version: string;
}

export type KeyState = { state: 'fresh'; fingerprint: string } | { state: 'answered'; answer: SavedAnswer };

/** Remembers what was answered to a key, so that the same request sent again changes nothing. */
export class IdempotencyKeys {
  private readonly inProgress = new Map<string, string>();

  /** What was kept longer than it must be goes when the folder is opened. */
  constructor(private readonly world: World) {
    const answers = world.store.savedAnswers;
    for (const answer of [...answers.all()]) if (!this.isKept(answer)) answers.delete(answer.id);
  }

  private isKept({ createdMs }: SavedAnswer): boolean {
    return this.world.nowMs() - createdMs < KEPT_MS;
  }

  /** Refuses a key that is busy or that was first used with another request. */
  begin(request: KeyedRequest): KeyState {
    const { key } = request;
    if (key.length > LONGEST_KEY) {
      throw invalid(`Idempotency keys can be up to ${LONGEST_KEY} characters long.`);
    }
    const fingerprint = fingerprintOf(request);
    const busyWith = this.inProgress.get(key);
    if (busyWith !== undefined) throw busyWith === fingerprint ? inUse(key) : mismatch(key);
    const answer = this.world.store.savedAnswers.get(key);
    if (answer && this.isKept(answer)) {
      if (answer.fingerprint !== fingerprint) throw mismatch(key);
      return { state: 'answered', answer };
    }
    this.inProgress.set(key, fingerprint);
    return { state: 'fresh', fingerprint };
  }

  /** Part of the act that the answer tells of: both are written to the journal together. */
  save(answer: SavedAnswer): void {
    this.world.store.savedAnswers.put(answer);
  }

  end(key: string): void {
    this.inProgress.delete(key);
  }
}

/** The SDK sends the same bytes again; the CLI may order its parameters otherwise, so order does not count. */
function fingerprintOf({ method, path, query, body, version }: KeyedRequest): string {
  const params = new URLSearchParams([...new URLSearchParams(query), ...new URLSearchParams(body)]);
  params.sort();
  return createHash('sha256').update(`${method} ${path} ${version} ${params.toString()}`).digest('hex');
}

function mismatch(key: string): Refusal {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
  return new Refusal(400, { type: 'idempotency_error', message });
}

function inUse(key: string): Refusal {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  const body = { type: 'idempotency_error' as const, message, code: 'idempotency_key_in_use' };
  return new Refusal(409, body, { headers: { 'Stripe-Should-Retry': 'true' } });
}
