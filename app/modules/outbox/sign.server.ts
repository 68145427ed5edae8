import { Webhook } from 'standardwebhooks';

import { toUnix } from '~/platform/time';

/** A message as it is sent, and the secrets of its endpoint that sign now, the newest first. */
export interface Outgoing {
  messageId: string;
  body: string;
  secrets: readonly string[];
}

/** The headers of Standard Webhooks: id of the message, time of this try, one signature per secret. */
export function signedHeaders({ messageId, body, secrets }: Outgoing, at: Date): Record<string, string> {
  return {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'accept-encoding': 'identity',
    'user-agent': 'Credence',
    'webhook-id': messageId,
    'webhook-timestamp': String(toUnix(at)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, at, body)).join(' '),
  };
}
