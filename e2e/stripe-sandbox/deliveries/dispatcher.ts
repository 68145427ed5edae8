import { randomText } from '../ids';
import type { Scheduler } from '../scheduler';
import type { AttemptRecord, DeliveryRecord } from '../store/records';
import { carry, type CarrierOptions, type CarryOutcome } from './carry';
import { noteHealth } from './health';
import type { PlannedDelivery } from './plan';
import { retryScheduleOf } from './retries';
import { Sender } from './send';

export interface DispatcherOptions extends Omit<CarrierOptions, 'sender' | 'pendingWebhooks'> {
  scheduler: Scheduler;
}

/** Something to send; `body` takes the place of the event as it is rendered when it leaves. */
export type Posting = PlannedDelivery & { body?: string };

/** The act of a run that something belongs to; resends and replays belong to none. */
interface Act {
  run: number;
  turn: number;
}
const NO_ACT: Act = { run: 0, turn: 0 };

/** Sends planned deliveries, tries again by the schedule, and goes on where it was after a restart. */
export class Dispatcher {
  private readonly sender = new Sender();
  private readonly waiting = new Map<string, Set<string>>();
  private readonly underWay = new Set<string>();
  private readonly active = new Map<string, number>();
  /** By the delivery that goes first: what starts those behind it. */
  private readonly followers = new Map<string, () => void>();
  private stopped = false;

  constructor(private readonly options: DispatcherOptions) {}

  /** Takes up what a former process left pending. */
  resume(): void {
    for (const delivery of this.options.store.deliveries.all()) {
      if (delivery.status === 'pending') this.appoint(delivery);
    }
  }

  queue(postings: Posting[], act: Act = NO_ACT): void {
    const lanes = new Map<string, DeliveryRecord[][]>();
    for (const posting of postings) {
      const delivery = this.file(posting, act);
      if (delivery.status === 'dropped') continue;
      if (posting.place === null) {
        this.appoint(delivery);
        continue;
      }
      const lane = lanes.get(posting.endpointId) ?? [];
      (lane[posting.place] ??= []).push(delivery);
      lanes.set(posting.endpointId, lane);
    }
    for (const lane of lanes.values()) this.walk(lane.filter((together) => together.length > 0));
  }

  private file(posting: Posting, act: Act): DeliveryRecord {
    const nowMs = this.options.nowMs();
    const { isDropped, delayMs } = posting;
    return this.options.store.deliveries.put({
      id: `whd_${randomText(20)}`,
      eventId: posting.eventId,
      eventType: posting.eventType,
      endpointId: posting.endpointId,
      url: posting.url,
      nature: posting.nature,
      faults: posting.faults,
      apiVersion: posting.apiVersion,
      refusals: posting.refusals,
      body: posting.body ?? null,
      ...act,
      status: isDropped ? 'dropped' : 'pending',
      createdMs: nowMs,
      nextAttemptAtMs: isDropped ? null : nowMs + delayMs,
      afterActMs: delayMs,
      attempts: [],
    });
  }

  /** Appoints the deliveries of the first place; the next place follows their answer, or when patience ends. */
  private walk([next, ...rest]: DeliveryRecord[][]): void {
    if (!next) return;
    const together = next.filter(({ id }) => this.options.store.deliveries.get(id)?.status === 'pending');
    const [leader] = together;
    if (!leader) return this.walk(rest);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.followers.delete(leader.id);
      this.walk(rest);
    };
    for (const delivery of together) this.appoint(delivery);
    if (rest.length === 0) return;
    this.followers.set(leader.id, release);
    const dueMs = Math.max(leader.nextAttemptAtMs ?? 0, this.options.nowMs());
    this.options.scheduler.at(dueMs + this.options.settings().orderPatienceMs, release);
  }

  /** Endpoints that were to get the event, still are, and have not acknowledged it. */
  pendingWebhooks(eventId: string): number {
    const open = new Set<string>();
    const acknowledged = new Set<string>();
    for (const delivery of this.options.store.deliveries.where('event', eventId)) {
      if (delivery.nature !== 'genuine') continue;
      if (delivery.status === 'succeeded') acknowledged.add(delivery.endpointId);
      else if (this.isOwed(delivery)) open.add(delivery.endpointId);
    }
    return [...open].filter((endpoint) => !acknowledged.has(endpoint)).length;
  }

  private isOwed({ endpointId, status }: DeliveryRecord): boolean {
    const endpoint = this.options.store.endpoints.get(endpointId);
    if (endpoint) return endpoint.status === 'enabled';
    return status !== 'dropped' && this.options.listeners.secretOf(endpointId) !== undefined;
  }

  stop(): void {
    this.stopped = true;
    this.sender.close();
  }

  private appoint(delivery: DeliveryRecord): void {
    const { id, nextAttemptAtMs } = delivery;
    this.options.scheduler.at(nextAttemptAtMs ?? 0, () => {
      // Sent or appointed anew in the meantime.
      if (this.options.store.deliveries.get(id)?.nextAttemptAtMs !== nextAttemptAtMs) return;
      this.enter(delivery);
    });
  }

  /** Sends what waits for its time or its turn; the next retry counts from now. */
  sendNow(id: string): 'done' | 'under_way' | 'settled' {
    const delivery = this.options.store.deliveries.get(id);
    if (delivery?.status !== 'pending') return 'settled';
    if (this.underWay.has(id)) return 'under_way';
    this.enter(this.options.store.deliveries.put({ ...delivery, nextAttemptAtMs: this.options.nowMs() }));
    return 'done';
  }

  /** Gives up what waits; those behind it need not wait for it. */
  drop(id: string): 'done' | 'under_way' | 'settled' {
    const delivery = this.options.store.deliveries.get(id);
    if (delivery?.status !== 'pending') return 'settled';
    if (this.underWay.has(id)) return 'under_way';
    this.options.store.deliveries.put({ ...delivery, status: 'dropped', nextAttemptAtMs: null });
    this.followers.get(id)?.();
    return 'done';
  }

  private enter({ id, endpointId }: DeliveryRecord): void {
    const line = this.waiting.get(endpointId) ?? new Set();
    line.add(id);
    this.waiting.set(endpointId, line);
    this.advance(endpointId);
  }

  private advance(endpointId: string): void {
    const line = this.waiting.get(endpointId) ?? new Set();
    // A listen session tells of no answer to what its --events leave out: it must not hold up the rest.
    const isListener = this.options.listeners.secretOf(endpointId) !== undefined;
    const most = isListener ? Infinity : this.options.settings().deliveryConcurrency;
    while (!this.stopped && (this.active.get(endpointId) ?? 0) < most) {
      const [id] = line;
      if (id === undefined) return;
      line.delete(id);
      const delivery = this.options.store.deliveries.get(id);
      if (delivery?.status !== 'pending') continue;
      this.underWay.add(id);
      this.active.set(endpointId, (this.active.get(endpointId) ?? 0) + 1);
      void this.attempt(delivery).finally(() => {
        this.underWay.delete(id);
        this.followers.get(id)?.();
        this.active.set(endpointId, (this.active.get(endpointId) ?? 1) - 1);
        this.advance(endpointId);
      });
    }
  }

  private async attempt(delivery: DeliveryRecord): Promise<void> {
    const pendingWebhooks = (eventId: string): number => this.pendingWebhooks(eventId);
    const outcome = await carry({ ...this.options, sender: this.sender, pendingWebhooks }, delivery);
    if (!this.stopped) this.record(delivery.id, outcome);
  }

  /** A delivery that vanished in the meantime was forgotten by a reset. */
  private record(id: string, outcome: CarryOutcome): void {
    const { store, settings, nowMs, livemode } = this.options;
    const delivery = store.deliveries.get(id);
    if (!delivery) return;
    const attempt = attemptRecord(outcome, nowMs());
    const attempts = attempt ? [...delivery.attempts, attempt] : delivery.attempts;
    const { endpointId, nature } = delivery;
    const succeeded = outcome.outcome === 'answered' && outcome.status >= 200 && outcome.status < 300;
    const isFinal = outcome.outcome === 'unwanted' || outcome.outcome === 'unanswered';
    const waitMs = this.mayRetry(delivery)
      ? retryScheduleOf(settings(), livemode)[attempts.length - 1]
      : undefined;
    if (!isFinal && nature === 'genuine') {
      noteHealth({ store, endpointId, succeeded, livemode, nowMs: nowMs(), settings: settings() });
    }
    if (succeeded || isFinal || waitMs === undefined) {
      const status = succeeded ? 'succeeded' : isFinal ? 'dropped' : 'failed';
      store.deliveries.put({ ...delivery, attempts, status, nextAttemptAtMs: null });
    } else {
      const nextAttemptAtMs = nowMs() + waitMs;
      this.appoint(store.deliveries.put({ ...delivery, attempts, nextAttemptAtMs }));
    }
    store.saveLate();
  }

  /** Forgers and `stripe listen` try once. */
  private mayRetry({ endpointId, nature }: DeliveryRecord): boolean {
    return nature === 'genuine' && this.options.store.endpoints.get(endpointId) !== undefined;
  }
}

function attemptRecord(outcome: CarryOutcome, atMs: number): AttemptRecord | null {
  switch (outcome.outcome) {
    case 'answered':
      return { atMs, responseStatus: outcome.status, responseBody: outcome.body, error: null };
    case 'unreachable':
    case 'unanswered':
      return { atMs, responseStatus: null, responseBody: null, error: outcome.error };
    case 'unwanted':
      return null;
  }
}
