import http from 'node:http';

/** What one request carries. */
export interface Message {
  /** None is a GET. */
  body?: Buffer;
  headers: Readonly<Record<string, string>>;
}

export interface Sent {
  ok: number;
  failed: number;
  ms: number;
}

/** Keeps each connection busy with one request after the other for a while, on loopback. */
export async function sendFor(options: {
  url: { port: number; path: string };
  messages: () => Message;
  /** What counts as answered. */
  status?: number;
  connections: number;
  forMs: number;
}): Promise<Sent> {
  const { url, messages, status = 200 } = options;
  const agent = new http.Agent({ keepAlive: true, maxSockets: options.connections });
  const startedAt = performance.now();
  const until = startedAt + options.forMs;
  let ok = 0;
  let failed = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      if ((await send(agent, url, messages())) === status) ok += 1;
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: options.connections }, lane));
  agent.destroy();
  return { ok, failed, ms: performance.now() - startedAt };
}

/** Answers the status. */
export function send(
  agent: http.Agent,
  url: { port: number; path: string },
  { body, headers }: Message,
): Promise<number> {
  const json =
    body === undefined
      ? {}
      : { 'content-type': 'application/json; charset=utf-8', 'content-length': body.byteLength };
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        agent,
        host: '127.0.0.1',
        port: url.port,
        path: url.path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...json, ...headers },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}
