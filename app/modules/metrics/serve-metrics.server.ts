import { createServer } from 'node:http';

import { type Db } from '~/platform/db.server';
import { addressOf } from '~/platform/http.server';
import { log } from '~/platform/log.server';

import { answerScrape, type ScrapeRules } from './answer-scrape.server';

export interface MetricsServer {
  port: number;
  close: () => void;
}

/** `GET /metrics` of a process that serves no pages: a worker. Rejects when the port is taken. */
export async function serveMetrics(db: Db, port: number, rules: ScrapeRules): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const isAsked = request.method === 'GET' && request.url?.split('?', 1)[0] === '/metrics';
    const scrape = {
      authorization: request.headers.authorization ?? null,
      address: addressOf(request.socket.remoteAddress ?? '', undefined, 0),
    };
    const answer = isAsked
      ? answerScrape(db, scrape, rules)
      : Promise.resolve({ outcome: 'hidden' as const });
    answer
      .then((answered) => {
        const { status, headers, body } = scrapeResponse(answered);
        response.writeHead(status, headers).end(body);
      })
      .catch((error: unknown) => {
        log.error('scrape not answered', { error: String(error) });
        response.writeHead(500).end();
      });
  });
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve());
  });
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  log.info('metrics served', { port: taken });
  return { port: taken, close: () => void server.close() };
}

/** An answer to a scrape as HTTP says it. */
export function scrapeResponse(answered: Awaited<ReturnType<typeof answerScrape>>): {
  status: number;
  headers: Record<string, string>;
  body: string;
} {
  const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' };
  switch (answered.outcome) {
    case 'answered':
      return { status: 200, headers, body: answered.text };
    case 'refused':
      return {
        status: 401,
        headers: { ...headers, 'WWW-Authenticate': 'Bearer' },
        body: 'A token is asked for.\n',
      };
    case 'hidden':
      return { status: 404, headers, body: 'Not found.\n' };
  }
}
