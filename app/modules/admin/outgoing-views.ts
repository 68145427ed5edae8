import type { SendingState } from '../../../prisma/generated/enums';
import { type CustomerRef } from './list-views';
import { type ActorRef } from './webhook-views';

export interface EndpointRef {
  id: string;
  url: string;
  state: 'on' | 'off' | 'disabled' | 'removed';
}

/** One message on its way to one endpoint. */
export interface SendingRow {
  cursor: string;
  id: string;
  messageId: string;
  type: string;
  /** Counts what was sent of the message to the endpoint; above 1 it is a replay. */
  n: number;
  state: SendingState;
  tries: number;
  endpoint: EndpointRef;
  customer: CustomerRef | null;
  createdAt: Date;
}

/** Something that the product is told, whether anybody listened or not. */
export interface MessageRow {
  cursor: string;
  id: string;
  type: string;
  cause: string;
  customer: CustomerRef | null;
  /** How many sendings of it, and how many of those arrived. */
  sendings: number;
  arrived: number;
  at: Date;
}

export interface SendingLine {
  id: string;
  endpoint: EndpointRef;
  n: number;
  state: SendingState;
  tries: number;
  actor: ActorRef | null;
  createdAt: Date;
  dueAt: Date;
  endedAt: Date | null;
  /** Requests, oldest first; one whose worker died is missing. */
  log: {
    n: number;
    at: Date;
    ms: number;
    status: number | null;
    error: string | null;
    answer: string | null;
  }[];
}

/** A message with all that was sent of it. */
export interface OutgoingView {
  id: string;
  type: string;
  cause: string;
  book: 'test' | 'live';
  customer: CustomerRef | null;
  at: Date;
  /** Exactly what is signed and sent. */
  body: string;
  sendings: SendingLine[];
}
