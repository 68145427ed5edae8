import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Letter } from './letter';

export interface SendInput {
  url: string;
  body: string;
  signature: string;
  timeoutMs: number;
}

export type SendOutcome =
  | { outcome: 'answered'; status: number; body: string }
  /** No answer: refused, cut off or too slow. */
  | { outcome: 'unreachable'; error: string }
  /** `stripe listen` took it and told of no answer. */
  | { outcome: 'unanswered'; error: string };

const KEPT_BODY_LENGTH = 2000;

/** Posts webhooks over kept-alive connections. Redirects are answers like any other: they are not followed. */
export class Sender {
  private readonly http = new HttpAgent({ keepAlive: true });
  private readonly https = new HttpsAgent({ keepAlive: true });

  async send(input: SendInput): Promise<SendOutcome> {
    const first = await this.attempt(input);
    return first === 'stale_connection' ? this.attemptOnce(input) : first;
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private async attemptOnce(input: SendInput): Promise<SendOutcome> {
    const again = await this.attempt(input);
    return again === 'stale_connection'
      ? { outcome: 'unreachable', error: 'The connection was reset.' }
      : again;
  }

  private attempt(input: SendInput): Promise<SendOutcome | 'stale_connection'> {
    const url = new URL(input.url);
    const isSecure = url.protocol === 'https:';
    const options = {
      method: 'POST',
      agent: isSecure ? this.https : this.http,
      headers: { ...headersOf(input), 'Content-Length': Buffer.byteLength(input.body) },
    };
    return new Promise((resolve) => {
      const request = (isSecure ? httpsRequest : httpRequest)(url, options);
      const deadline = setTimeout(() => {
        request.destroy(new Error(`No answer within ${input.timeoutMs} ms.`));
      }, input.timeoutMs);
      const settle = (outcome: SendOutcome | 'stale_connection'): void => {
        clearTimeout(deadline);
        resolve(outcome);
      };
      request.on('error', (error: NodeJS.ErrnoException) => {
        const isStale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        settle(isStale ? 'stale_connection' : { outcome: 'unreachable', error: error.message });
      });
      request.on('response', (response) => readAnswer(response, settle));
      request.end(input.body);
    });
  }
}

/** Without what HTTP itself adds. */
export function headersOf({ signature }: Letter): Record<string, string> {
  return {
    'Content-Type': 'application/json; charset=utf-8',
    'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
    Accept: '*/*; q=0.5, application/xml',
    'Accept-Encoding': 'gzip',
    'Cache-Control': 'no-cache',
    'Stripe-Signature': signature,
  };
}

function readAnswer(response: IncomingMessage, settle: (outcome: SendOutcome) => void): void {
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    if (body.length < KEPT_BODY_LENGTH) body = (body + chunk).slice(0, KEPT_BODY_LENGTH);
  });
  response.on('end', () => settle({ outcome: 'answered', status: response.statusCode ?? 0, body }));
  response.on('error', (error) => settle({ outcome: 'unreachable', error: error.message }));
}
