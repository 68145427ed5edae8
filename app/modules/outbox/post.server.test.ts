import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { seconds } from '~/platform/time';

import { type AddressRules, addressFault, addressRules } from './address.server';
import { post } from './post.server';

const PRODUCTION = addressRules('production', []);
const HERE = addressRules('test', []);
/** Plain http will do, and no host is allowed by name: what a demo's rules say of every other address. */
const PUBLIC_ONLY: AddressRules = { allowHttp: true, allowedHosts: [] };
const REQUEST = { headers: { 'content-type': 'application/json' }, body: '{}' };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server on this machine, its port, and how often it was asked. */
async function listen(handle: RequestListener): Promise<{ port: number; asked: () => number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    handle(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on a TCP port.');
  return { port: address.port, asked: () => asked };
}

const INNER = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '0x7f.1',
  '0.0.0.0',
  '0',
  '10.0.0.8',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.9.9',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a00:1]',
  '[::127.0.0.1]',
  '[fd00::1]',
  '[fe80::1]',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'app.localhost',
  '１２７.０.０.１',
];

describe('an address', () => {
  it.each(INNER)('of an inner network is refused as it is registered: %s', (host) => {
    expect(addressFault(`https://${host}/hooks`, PRODUCTION)).toBe('address_not_allowed');
  });

  it.each(INNER)('of an inner network is never connected to: %s', async (host) => {
    const { port, asked } = await listen((_request, response) => response.end());
    const { status, error } = await post(`http://${host}:${port}/`, REQUEST, PUBLIC_ONLY);
    expect(status).toBeNull();
    // A resolver may say that there is no such name.
    if (!/[.]$|[.]localhost$/.test(host)) expect(error).toBe('address_not_allowed');
    expect(asked()).toBe(0);
  });

  it.each([
    ['http://example.com/', 'not_https'],
    ['ftp://example.com/', 'not_a_url'],
    ['javascript:alert(1)', 'not_a_url'],
    ['example.com', 'not_a_url'],
    ['', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['https://user:secret@example.com/', 'has_credentials'],
    ['https://user@example.com/', 'has_credentials'],
  ])('%s is refused: %s', (url, fault) => {
    expect(addressFault(url, PRODUCTION)).toBe(fault);
  });

  it.each(['https://example.com/hooks', 'https://8.8.8.8/', 'https://[2606:4700::1111]/'])(
    '%s is fine',
    (url) => {
      expect(addressFault(url, PRODUCTION)).toBeUndefined();
    },
  );

  it('that the operator named may be an inner one, by http too, and no other one', async () => {
    const rules = addressRules('production', ['127.0.0.1', 'product.internal']);
    expect(addressFault('http://product.internal/hooks', rules)).toBeUndefined();
    expect(addressFault('http://other.internal/hooks', rules)).toBe('not_https');
    const { port } = await listen((_request, response) => response.end('ok'));
    expect(await post(`http://127.0.0.1:${port}/`, REQUEST, rules)).toMatchObject({
      status: 200,
      answer: 'ok',
    });
  });

  it('on this machine will do in demo and test mode', async () => {
    const { port } = await listen((_request, response) => response.end('ok'));
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await post(`http://${host}:${port}/`, REQUEST, HERE)).toMatchObject({ status: 200 });
  });
});

describe('a request', () => {
  it('follows no redirect, to an inner address or anywhere', async () => {
    const inner = await listen((_request, response) => response.end());
    const { port } = await listen((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${inner.port}/` }).end(),
    );
    expect(await post(`http://127.0.0.1:${port}/`, REQUEST, HERE)).toMatchObject({
      status: 307,
      error: null,
    });
    expect(inner.asked()).toBe(0);
  });

  it('knows no proxy of the environment', async () => {
    const proxy = await listen((_request, response) => response.end());
    const { port } = await listen((_request, response) => response.end('direct'));
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'])
      vi.stubEnv(name, name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`);
    expect(await post(`http://127.0.0.1:${port}/`, REQUEST, HERE)).toMatchObject({ answer: 'direct' });
    vi.unstubAllEnvs();
    expect(proxy.asked()).toBe(0);
  });

  it('reads no more of a huge answer than it keeps, and ends an endless one', async () => {
    let written = 0;
    const { port } = await listen((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384;
      };
      response.on('drain', more);
      more();
    });
    const answered = await post(`http://127.0.0.1:${port}/`, REQUEST, HERE);
    expect(answered).toMatchObject({ status: 200, answer: 'x'.repeat(500) });
    expect(answered.ms).toBeLessThan(seconds(3));
    expect(written).toBeLessThan(20_000_000);
  });

  it('has been answered once its status came, though its body drips for ever', async () => {
    const { port } = await listen((_request, response) => {
      const drip = setInterval(() => response.write('.'), 50);
      response.on('close', () => clearInterval(drip));
    });
    const answered = await post(`http://127.0.0.1:${port}/`, REQUEST, HERE, 400);
    expect(answered).toMatchObject({ status: 200, error: null });
    expect(answered.ms).toBeLessThan(seconds(3));
  });

  it('that nobody answers in time is given up', async () => {
    const { port } = await listen(() => undefined);
    const result = await post(`http://127.0.0.1:${port}/`, REQUEST, HERE, 300);
    expect(result).toMatchObject({ status: null, error: 'timed_out' });
  });

  it('names why it got no answer', async () => {
    const { port } = await listen((request) => request.socket.destroy());
    expect((await post(`http://127.0.0.1:${port}/`, REQUEST, HERE)).error).toBe('connection_lost');
    expect((await post('http://127.0.0.1:9/', REQUEST, HERE)).error).toBe('connection_refused');
    expect((await post('http://nowhere.invalid/', REQUEST, HERE)).error).toBe('name_not_found');
    expect((await post(`https://127.0.0.1:${port}/`, REQUEST, HERE)).error).toMatch(
      /tls_failed|connection_lost/,
    );
  });

  it('that is answered with something other than HTTP got a bad answer', async () => {
    const { port } = await listen((request) => request.socket.end('SSH-2.0-OpenSSH_9\r\n'));
    expect((await post(`http://127.0.0.1:${port}/`, REQUEST, HERE)).error).toBe('bad_answer');
  });

  it('keeps an answer that Postgres can hold', async () => {
    const { port } = await listen((_request, response) =>
      response.writeHead(500).end(`a\0b${'😀'.repeat(600)}`),
    );
    const { answer } = await post(`http://127.0.0.1:${port}/`, REQUEST, HERE);
    expect(answer).toBe(`a\u{fffd}b${'😀'.repeat(497)}`);
  });
});
