import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { requestContext } from './request-context.server';
import { prepareEveryRequest } from './request-id.server';

let server: Server;
let base: string;
const seen: { headers: IncomingHttpHeaders; contextId: string | undefined }[] = [];

beforeAll(async () => {
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('DATABASE_URL', 'postgresql://nobody@127.0.0.1:1/none');
  vi.stubEnv('APP_URL', 'http://127.0.0.1:3000');
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_0123456789');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_0123456789');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:4700/_control/mail');
  prepareEveryRequest();
  prepareEveryRequest();
  server = createServer((request, response) => {
    void Promise.resolve().then(() => {
      seen.push({ headers: request.headers, contextId: requestContext()?.requestId });
      response.end('a file');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  base = `http://127.0.0.1:${address.port}`;
});

afterAll(() => {
  server.close();
  vi.unstubAllEnvs();
});

test('every answer carries its number and the policy of that number alone, whoever answers', async () => {
  const [first, second] = [await fetch(base), await fetch(base)];
  expect(first.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/);
  expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'));
  expect(first.headers.get('content-security-policy')).toContain("script-src 'self' 'nonce-");
  expect(first.headers.get('content-security-policy')).not.toBe(
    second.headers.get('content-security-policy'),
  );
});

test('a client cannot choose its number, its nonce or its address', async () => {
  const answer = await fetch(base, {
    headers: {
      'x-request-id': 'req_mine',
      'x-csp-nonce': 'mine',
      'x-client-address': '6.6.6.6',
      'x-forwarded-for': '6.6.6.6',
    },
  });
  const headers = seen.at(-1)?.headers;
  expect(headers?.['x-request-id']).toBe(answer.headers.get('x-request-id'));
  expect(answer.headers.get('content-security-policy')).toContain(
    `'nonce-${String(headers?.['x-csp-nonce'])}'`,
  );
  expect(headers?.['x-csp-nonce']).not.toBe('mine');
  expect(headers?.['x-client-address']).toBe('127.0.0.1');
});

test('what is logged during a request bears its number, side by side with others', async () => {
  seen.length = 0;
  const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(base)));
  const numbers = new Set(answers.map((answer) => answer.headers.get('x-request-id')));
  expect(numbers.size).toBe(20);
  for (const { headers, contextId } of seen) expect(contextId).toBe(headers['x-request-id']);
});
