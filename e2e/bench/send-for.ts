import http from 'node:http';

import { type SignedEvent } from './signed-events';

export interface Sent {
  ok: number;
  failed: number;
  ms: number;
}

/** Keeps each connection busy with one request after the other for a while, on loopback. */
export async function sendFor(options: {
  url: { port: number; path: string };
  events: () => SignedEvent;
  connections: number;
  forMs: number;
}): Promise<Sent> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: options.connections });
  const startedAt = performance.now();
  const until = startedAt + options.forMs;
  let ok = 0;
  let failed = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      if ((await post(agent, options.url, options.events())) === 200) ok += 1;
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: options.connections }, lane));
  agent.destroy();
  return { ok, failed, ms: performance.now() - startedAt };
}

export function post(
  agent: http.Agent,
  url: { port: number; path: string },
  event: SignedEvent,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent,
        host: '127.0.0.1',
        port: url.port,
        path: url.path,
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': event.body.byteLength,
          'stripe-signature': event.signature,
        },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      },
    );
    request.once('error', reject);
    request.end(event.body);
  });
}
