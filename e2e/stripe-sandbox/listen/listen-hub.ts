import { createHmac } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { PlannableEndpoint } from '../deliveries/plan';
import type { SendOutcome } from '../deliveries/send';
import { ListenSession, type ListenFeature } from './listen-session';
import type { Listeners, Parcel } from './listeners';
import { logMessage, wantsLog, type LogFilters, type RequestLog } from './request-logs';

interface HubOptions {
  accountId: string;
  livemode: boolean;
  reconnectSeconds: () => number;
}

interface Opening {
  /** The API key that the CLI uses. */
  key: string;
  feature: ListenFeature;
  forwardTo: string | null;
  filters: LogFilters;
}

/** The account's `stripe listen` and `stripe logs tail` sessions. They end with the process. */
export class ListenHub implements Listeners {
  private readonly sessions = new Map<string, { session: ListenSession; filters: LogFilters }>();

  constructor(private readonly options: HubOptions) {}

  get reconnectSeconds(): number {
    return this.options.reconnectSeconds();
  }

  open({ key, feature, forwardTo, filters }: Opening): ListenSession {
    const session: ListenSession = new ListenSession({
      feature,
      forwardTo,
      secret: this.secretFor(key),
      onEnd: () => this.sessions.delete(session.id),
    });
    this.sessions.set(session.id, { session, filters });
    return session;
  }

  /** Whether the socket found its session. */
  attach(sessionId: string, feature: string | null, socket: WebSocket): boolean {
    const found = this.sessions.get(sessionId);
    if (found?.session.feature !== feature) return false;
    found.session.attach(socket);
    return true;
  }

  has(sessionId: string): boolean {
    return this.sessions.has(sessionId);
  }

  /** Each session that hears webhooks, as one more endpoint. */
  targets(): PlannableEndpoint[] {
    return this.listening('webhooks').map(({ session }) => ({
      id: session.id,
      url: session.url,
      status: 'enabled',
      enabled_events: ['*'],
      isListener: true,
    }));
  }

  secretOf(sessionId: string): string | undefined {
    return this.sessions.get(sessionId)?.session.secret;
  }

  async send(sessionId: string, parcel: Parcel): Promise<SendOutcome> {
    const found = this.sessions.get(sessionId);
    if (!found) return { outcome: 'unanswered', error: 'stripe listen has ended.' };
    return found.session.send(parcel);
  }

  /** Tells whoever runs `stripe logs tail` of an API request. */
  log(entry: RequestLog): void {
    for (const { session, filters } of this.listening('request_logs')) {
      if (wantsLog(filters, entry)) session.tell(logMessage(entry, this.options.livemode));
    }
  }

  close(): void {
    for (const { session } of [...this.sessions.values()]) session.end();
  }

  private listening(feature: ListenFeature) {
    return [...this.sessions.values()].filter(
      ({ session }) => session.feature === feature && session.isListening,
    );
  }

  /** The same for the same account and key, as the CLI's users expect: they copy it once. */
  private secretFor(key: string): string {
    return `whsec_${createHmac('sha256', key).update(`stripe listen ${this.options.accountId}`).digest('hex')}`;
  }
}
