import { randomText } from '../ids';
import type { Scheduler } from '../scheduler';
import type { Settings } from '../settings';
import type { AttemptRecord, DeliveryRecord } from '../store/records';
import type { Store } from '../store/store';
import { wants, type PlannedDelivery } from './plan';
import { renderEvent } from './render';
import { Sender, type SendOutcome } from './send';
import { signBody } from './sign';

export interface DispatcherOptions {
  store: Store;
  scheduler: Scheduler;
  settings: () => Settings;
  nowMs: () => number;
  accountVersion: string;
  livemode: boolean;
}

/** Sends planned deliveries, tries again by the schedule, and goes on where it was after a restart. */
export class Dispatcher {
  private readonly sender = new Sender();
  private readonly waiting = new Map<string, string[]>();
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

  queue(planned: PlannedDelivery[]): void {
    const nowMs = this.options.nowMs();
    const lanes = new Map<string, DeliveryRecord[][]>();
    for (const { delayMs, place, ...target } of planned) {
      const delivery = this.options.store.deliveries.put({
        id: `whd_${randomText(20)}`,
        ...target,
        status: 'pending',
        createdMs: nowMs,
        nextAttemptAtMs: nowMs + delayMs,
        attempts: [],
      });
      const lane = lanes.get(target.endpointId) ?? [];
      (lane[place] ??= []).push(delivery);
      lanes.set(target.endpointId, lane);
    }
    for (const lane of lanes.values()) this.walk(lane.filter((together) => together.length > 0));
  }

  /** Appoints the deliveries of the first place; the next place follows their answer, or when patience ends. */
  private walk([together, ...rest]: DeliveryRecord[][]): void {
    const [leader] = together ?? [];
    if (!together || !leader) return;
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

  /** Queues the event again, for one endpoint or for every one that wants it; says how many deliveries that makes. */
  resend(eventId: string, endpointId: string | null): number {
    const event = this.options.store.events.must(eventId);
    const targets = [...this.options.store.endpoints.all()].filter((endpoint) =>
      endpointId === null ? wants(endpoint, event.type) : endpoint.id === endpointId,
    );
    this.queue(
      targets.map(({ id, url }) => ({
        eventId,
        eventType: event.type,
        endpointId: id,
        url,
        delayMs: 0,
        place: 0,
      })),
    );
    return targets.length;
  }

  /** Endpoints that were to get the event and have not acknowledged it. */
  pendingWebhooks(eventId: string): number {
    const open = new Set<string>();
    const acknowledged = new Set<string>();
    for (const delivery of this.options.store.deliveries.where('event', eventId)) {
      (delivery.status === 'succeeded' ? acknowledged : open).add(delivery.endpointId);
    }
    return [...open].filter((endpoint) => !acknowledged.has(endpoint)).length;
  }

  stop(): void {
    this.stopped = true;
    this.sender.close();
  }

  private appoint(delivery: DeliveryRecord): void {
    this.options.scheduler.at(delivery.nextAttemptAtMs ?? 0, () => this.enter(delivery));
  }

  private enter({ id, endpointId }: DeliveryRecord): void {
    const line = this.waiting.get(endpointId) ?? [];
    line.push(id);
    this.waiting.set(endpointId, line);
    this.advance(endpointId);
  }

  private advance(endpointId: string): void {
    const line = this.waiting.get(endpointId) ?? [];
    while (
      !this.stopped &&
      (this.active.get(endpointId) ?? 0) < this.options.settings().deliveryConcurrency
    ) {
      const id = line.shift();
      if (id === undefined) return;
      const delivery = this.options.store.deliveries.get(id);
      if (delivery?.status !== 'pending') continue;
      this.active.set(endpointId, (this.active.get(endpointId) ?? 0) + 1);
      void this.attempt(delivery).finally(() => {
        this.followers.get(id)?.();
        this.active.set(endpointId, (this.active.get(endpointId) ?? 1) - 1);
        this.advance(endpointId);
      });
    }
  }

  private async attempt(delivery: DeliveryRecord): Promise<void> {
    const { store, settings } = this.options;
    const endpoint = store.endpoints.get(delivery.endpointId);
    const event = store.events.get(delivery.eventId);
    if (!endpoint || !event || !wants({ ...endpoint, enabled_events: ['*'] }, event.type)) {
      store.deliveries.put({ ...delivery, status: 'dropped', nextAttemptAtMs: null });
      store.save();
      return;
    }
    const apiVersion = endpoint.api_version ?? this.options.accountVersion;
    const pending = Math.max(1, this.pendingWebhooks(event.id));
    const { livemode } = this.options;
    const view = { livemode, apiVersion, pendingWebhooks: pending };
    const body = JSON.stringify(renderEvent(store, event, view), null, 2);
    const outcome = await this.sender.send({
      url: endpoint.url,
      body,
      signature: signBody(body, this.secretsOf(endpoint.id), Math.floor(Date.now() / 1000)),
      timeoutMs: settings().deliveryTimeoutMs,
    });
    if (!this.stopped) this.record(delivery.id, outcome);
  }

  private secretsOf(endpointId: string): string[] {
    const secrets = this.options.store.endpointSecrets.must(endpointId).secrets;
    return secrets
      .filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > this.options.nowMs())
      .map(({ value }) => value);
  }

  /** A delivery that vanished in the meantime was forgotten by a reset. */
  private record(id: string, outcome: SendOutcome): void {
    const { store, settings, nowMs } = this.options;
    const delivery = store.deliveries.get(id);
    if (!delivery) return;
    const attempts = [...delivery.attempts, attemptRecord(outcome, nowMs())];
    const succeeded = outcome.outcome === 'answered' && outcome.status >= 200 && outcome.status < 300;
    const waitMs = settings().retryScheduleMs[attempts.length - 1];
    if (succeeded || waitMs === undefined) {
      const status = succeeded ? 'succeeded' : 'failed';
      store.deliveries.put({ ...delivery, attempts, status, nextAttemptAtMs: null });
    } else {
      const nextAttemptAtMs = nowMs() + waitMs;
      this.appoint(store.deliveries.put({ ...delivery, attempts, nextAttemptAtMs }));
    }
    store.save();
  }
}

function attemptRecord(outcome: SendOutcome, atMs: number): AttemptRecord {
  return outcome.outcome === 'answered'
    ? { atMs, responseStatus: outcome.status, responseBody: outcome.body, error: null }
    : { atMs, responseStatus: null, responseBody: null, error: outcome.error };
}
