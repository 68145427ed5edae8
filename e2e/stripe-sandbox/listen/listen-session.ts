import type { WebSocket } from 'ws';
import type { SendOutcome } from '../deliveries/send';
import { MINUTE_MS } from '../durations';
import { randomText } from '../ids';
import type { Parcel } from './listeners';
import { readMessage, webhookMessages, type Incoming } from './messages';

/** What a session is for; Stripe's CLI asks for one of them. */
export type ListenFeature = 'webhooks' | 'request_logs';

export interface SessionInput {
  feature: ListenFeature;
  /** Where the CLI forwards events to; null: it only prints them. */
  forwardTo: string | null;
  secret: string;
  /** The session is over: nobody will connect to it again. */
  onEnd: () => void;
}

/**
 * A parcel on its way. What the CLI has not acknowledged is sent again when it is back; what it has, and whose answer was
 * lost with the connection, is sent once more.
 */
interface Conversation {
  messages: string[];
  timeoutMs: number;
  /** The connection that the CLI acknowledged it over. */
  takenOver: WebSocket | null;
  isRepeated: boolean;
  settle(outcome: SendOutcome): void;
}

/** How long a session that lost its connection waits for the CLI to come back. */
const PATIENCE_MS = 10_000;
/** How long a new one waits for the CLI to come at all. */
const FIRST_PATIENCE_MS = MINUTE_MS;
/** What the CLI says when it ends; it also closes to open its connection anew, with other words. */
const GOODBYE = 'Connection Done';
const KEPT_BODY_LENGTH = 2000;

const SILENCE =
  'stripe listen took it and told of no answer: its --events leave the type out, or nobody listened at its --forward-to.';

/** One running `stripe listen` or `stripe logs tail`. */
export class ListenSession {
  readonly id = `cliws_${randomText(24)}`;
  private readonly webhookId = `wh_${randomText(24)}`;
  private readonly conversations = new Map<string, Conversation>();
  private socket: WebSocket | null = null;
  private ending: NodeJS.Timeout;
  private wasConnected = false;
  private hasEnded = false;

  constructor(private readonly input: SessionInput) {
    this.ending = this.endAfter(FIRST_PATIENCE_MS);
  }

  get feature(): ListenFeature {
    return this.input.feature;
  }

  get secret(): string {
    return this.input.secret;
  }

  get url(): string {
    return this.input.forwardTo ?? 'stripe listen';
  }

  /** A session that the CLI asked for and never used, as `--print-secret` does, gets no events. */
  get isListening(): boolean {
    return this.wasConnected && !this.hasEnded;
  }

  attach(socket: WebSocket): void {
    clearTimeout(this.ending);
    const before = this.socket;
    this.socket = socket;
    this.wasConnected = true;
    before?.close();
    socket.on('message', (data: Buffer) => this.hear(readMessage(data.toString('utf8')), socket));
    socket.on('error', () => socket.terminate());
    socket.on('close', (_code, reason) => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (reason.toString() === GOODBYE) this.end();
      else this.ending = this.endAfter(PATIENCE_MS);
    });
    for (const [id, conversation] of this.conversations)
      if (conversation.takenOver === null) this.speak(id, conversation);
  }

  /** Waits for the CLI to be there, then for the answer of the application behind it. */
  send(parcel: Parcel): Promise<SendOutcome> {
    const id = `wc_${randomText(24)}`;
    return new Promise((resolve) => {
      const conversation: Conversation = {
        messages: webhookMessages(id, this.webhookId, parcel),
        timeoutMs: parcel.timeoutMs,
        takenOver: null,
        isRepeated: false,
        settle: (outcome) => {
          this.conversations.delete(id);
          resolve(outcome);
        },
      };
      this.conversations.set(id, conversation);
      this.speak(id, conversation);
    });
  }

  /** Sends what needs no answer, if somebody is there. */
  tell(message: string): void {
    this.socket?.send(message);
  }

  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    clearTimeout(this.ending);
    this.socket?.terminate();
    for (const { settle } of [...this.conversations.values()]) {
      settle({ outcome: 'unanswered', error: 'stripe listen ended before it told of an answer.' });
    }
    this.input.onEnd();
  }

  private speak(id: string, conversation: Conversation): void {
    if (!this.socket) return;
    for (const message of conversation.messages) this.socket.send(message);
    const deadline = setTimeout(() => this.giveUp(id, conversation), conversation.timeoutMs);
    deadline.unref();
  }

  private giveUp(id: string, conversation: Conversation): void {
    if (this.conversations.get(id) !== conversation) return;
    const { takenOver, isRepeated } = conversation;
    if (takenOver !== null && takenOver !== this.socket && !isRepeated) {
      conversation.takenOver = null;
      conversation.isRepeated = true;
      this.speak(id, conversation);
    } else if (takenOver !== null || this.socket) {
      conversation.settle({ outcome: 'unanswered', error: SILENCE });
    }
  }

  private hear(message: Incoming | undefined, socket: WebSocket): void {
    const conversation = message && this.conversations.get(message.webhook_conversation_id);
    if (!conversation) return;
    if (message.type === 'event_ack') {
      conversation.takenOver = socket;
    } else {
      const body = message.body.slice(0, KEPT_BODY_LENGTH);
      conversation.settle({ outcome: 'answered', status: message.status, body });
    }
  }

  private endAfter(ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => this.end(), ms);
    timer.unref();
    return timer;
  }
}
