import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { newWallet } from '../modules/ledger/testing/wallets';
import { startSender } from '../modules/outbox/index.server';
import { HERE, openProduct } from '../modules/outbox/testing/product';
import { seconds } from '../platform/time';
import { endpointCommand } from './endpoint-command';

const database = useTestDatabase();
const URL = 'https://product.example.com/hooks';

async function run(...words: string[]): Promise<{ said: string; error: string }> {
  const said: string[] = [];
  const error = await endpointCommand(words, (sentence) => said.push(sentence)).then(
    () => '',
    (fault: unknown) => String(fault),
  );
  return { said: said.join('\n'), error };
}

async function add(...words: string[]): Promise<string> {
  const { said, error } = await run('add', '--book', 'test', '--url', URL, ...words);
  expect(error).toBe('');
  return /whe_\w+/.exec(said)?.[0] ?? '';
}

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'production');
  vi.stubEnv('OUTBOX_ALLOW', '');
  return () => vi.unstubAllEnvs();
});

describe('endpoint', () => {
  it('adds one and shows its secret once', async () => {
    const { said } = await run(
      'add',
      '--book',
      'live',
      '--url',
      URL,
      '--types',
      'balance.low, balance.depleted',
    );
    expect(said).toMatch(/^whe_\w+ hears book live from now on\.\nSecret, shown this once: whsec_\S{44}$/);
    const listed = await run('list', '--book', 'live');
    expect(listed.said).toMatch(
      /^whe_\w+ {2}live {2}on {2}https:\/\/product.example.com\/hooks\n {2}hears balance.low, balance.depleted; 0 on their way$/,
    );
    expect((await run('list', '--book', 'test')).said).toBe('There is none.');
  });

  it('changes, rotates, pings and removes one', async () => {
    const id = await add();
    expect((await run('change', id, '--off', '--description', 'for now')).said).toBe(`${id} is changed.`);
    expect((await run('list')).said).toContain('off  https://product.example.com/hooks  (for now)');
    expect((await run('ping', id)).error).toContain(`There is no endpoint ${id} that is on.`);
    await run('change', id, '--on', '--types', 'all');
    expect((await run('rotate', id, '--overlap', '2')).said).toMatch(
      /^New secret, shown this once: whsec_\S+\nThe former one signs beside it until 20/,
    );
    const { said } = await run('ping', id);
    expect(said).toMatch(/^msg_\w+ is on its way: endpoint log snd_\w+ says/);
    expect((await run('remove', id)).said).toBe(`${id} is removed; its log stays.`);
    expect((await run('log', id)).said).toMatch(
      /endpoint\.ping .* canceled after 0 tries, asked for by cli$/,
    );
    expect((await run('remove', id)).error).toContain(`There is no endpoint ${id}.`);
  });

  it('shows each request, and sends again what failed and what was missed', async () => {
    const product = await openProduct();
    product.answers((_asked, n) => (n === 1 ? { status: 410, body: 'gone' } : { status: 200 }));
    vi.stubEnv('CREDENCE_MODE', 'demo');
    await (await newWallet(database.db)).lot(3n);
    const { said: added } = await run('add', '--book', 'test', '--url', product.url);
    const id = /whe_\w+/.exec(added)?.[0] ?? '';
    await run('ping', id);
    const sender = startSender({ db: database.db, rules: HERE });
    sender.wake();
    await vi.waitFor(async () => expect((await run('list')).said).toContain('disabled: gone'), {
      timeout: seconds(15),
    });
    const log = await run('log', id, '--state', 'failed');
    const sendingId = /^snd_\w+/.exec(log.said)?.[0] ?? '';
    expect((await run('log', sendingId)).said).toMatch(
      /failed after 1 tries.*\n {2}1\. 20\S+ {2}410 {2}\d+ ms {2}gone$/,
    );
    const since = ['--since', '2026-01-01T00:00:00Z'];
    expect((await run('replay', id, ...since)).error).toContain('that is on');
    await run('change', id, '--on');
    expect((await run('replay', id, ...since)).said).toBe(`1 on their way to ${id}.`);
    expect((await run('replay', id, ...since)).error).toContain('Nothing fits');
    expect((await run('replay', id, ...since, '--missed')).said).toBe(`1 on their way to ${id}.`);
    sender.wake();
    await vi.waitFor(() => expect(product.heard).toHaveLength(3), { timeout: seconds(15) });
    expect((await run('replay', sendingId)).said).toBe(`1 on their way to ${id}.`);
    await sender.stop();
    product.close();
  });

  it('lets an inner host in only where OUTBOX_ALLOW names it', async () => {
    const inner = ['add', '--book', 'test', '--url', 'http://10.0.0.5:8080/hooks'];
    expect((await run(...inner)).error).toContain('must begin with https');
    vi.stubEnv('OUTBOX_ALLOW', 'product.internal, 10.0.0.5');
    expect((await run(...inner)).error).toBe('');
    vi.stubEnv('OUTBOX_ALLOW', 'http://10.0.0.5');
    expect((await run(...inner)).error).toContain('OUTBOX_ALLOW must hold hosts without scheme and port');
  });

  it.each([
    ['nothing', [], 'Usage: endpoint'],
    ['an unknown act', ['sing', 'whe_1'], 'Usage: endpoint'],
    ['no book', ['add', '--url', URL], '--book must be one of test, live'],
    ['no address', ['add', '--book', 'test'], '--url must be an address'],
    ['plain http', ['add', '--book', 'test', '--url', 'http://example.com'], 'must begin with https'],
    ['an inner address', ['add', '--book', 'test', '--url', 'https://[::1]/'], 'on an inner network'],
    ['a password', ['add', '--book', 'test', '--url', 'https://a:b@example.com/'], 'no user and password'],
    [
      'an unknown type',
      ['add', '--book', 'test', '--url', URL, '--types', 'x'],
      '--types must be out of payment.settled',
    ],
    ['an unknown endpoint', ['change', 'whe_1', '--on'], 'There is no endpoint whe_1.'],
    ['no change', ['change', 'whe_1'], 'Say what to change'],
    ['on and off', ['change', 'whe_1', '--on', '--off'], 'exclude each other'],
    ['a wrong overlap', ['rotate', 'whe_1', '--overlap', '-1h'], '--overlap'],
    ['no time', ['replay', 'whe_1'], '--since must be a time'],
    ['an unknown sending', ['log', 'snd_1'], 'There is no sending snd_1.'],
    ['an unknown state', ['log', 'whe_1', '--state', 'lost'], '--state must be one of pending'],
  ])('refuses %s', async (_name, words, sentence) => {
    expect((await run(...words)).error).toContain(sentence);
  });
});
