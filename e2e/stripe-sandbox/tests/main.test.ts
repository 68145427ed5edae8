import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArgs } from '../main-args';
import { STARTS_A_PROCESS } from '../testing/run-cli';
import { clientFor, startReceiver, until, type Receiver } from '../testing/under-test';

let folder: string;
let receiver: Receiver;
const stops: Array<() => Promise<void>> = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sandbox-main-'));
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  output(): string;
  /** The exit code. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** `npm run sandbox -- …` */
function run(...args: string[]): Run {
  const file = path.resolve('e2e/stripe-sandbox/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args]);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (text += String(data)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
  };
  stops.push(stop);
  return { output: () => text, ended, stop };
}

const urlOf = (started: Run): Promise<string> => until(() => /ready at (\S+)/.exec(started.output())?.[1]);
const secretOf = (started: Run): Promise<string> =>
  until(() => /signed with (whsec_\w+)/.exec(started.output())?.[1]);
const START = ['--port', '0'];

describe('the command line', STARTS_A_PROCESS, () => {
  it('serves with nothing but a port, and says which key to use', async () => {
    const started = run(...START);
    const stripe = clientFor(await urlOf(started));
    expect((await stripe.products.create({ name: 'served' })).object).toBe('product');
    expect(started.output()).toContain('sk_test_1234567890abcdef');
    expect(started.output()).toContain('No webhook yet');
  });

  it('makes a secret for --webhook, which the folder keeps, and takes settings and chaos', async () => {
    const keeping = [...START, '--data', folder, '--webhook', receiver.url];
    const first = run(
      ...keeping,
      '--settings',
      'eventSpacingMs=0',
      '--chaos',
      'seed=5,duplicate=x1,delay_ms=0-0',
    );
    const [url, secret] = [await urlOf(first), await secretOf(first)];
    const stripe = clientFor(url);
    await stripe.products.create({ name: 'one' });
    await stripe.products.create({ name: 'two' });
    await until(() => receiver.received.length === 3);
    for (const { body, signature } of receiver.received) {
      expect(stripe.webhooks.constructEvent(body, signature, secret).type).toBe('product.created');
    }
    const settings: unknown = await (await fetch(`${url}/_control/settings`)).json();
    expect(settings).toMatchObject({ eventSpacingMs: 0 });
    const scenario = await (await fetch(`${url}/_control/run`)).text();
    await first.stop();

    const file = path.join(folder, 'run.json');
    await writeFile(file, scenario);
    const second = run(...keeping, '--chaos', 'off', '--replay', file);
    expect(await secretOf(second)).toBe(secret);
    await until(() => second.output().includes('"outcome":"replaying","deliveries":3'));
    await until(() => receiver.received.length === 6);
    const ids = receiver.received.map(({ body, signature }) => {
      return stripe.webhooks.constructEvent(body, signature, secret).id;
    });
    expect(ids.slice(3).sort()).toEqual(ids.slice(0, 3).sort());
  });

  it('explains itself, and refuses what it does not understand', async () => {
    const help = run('--help');
    expect(await help.ended).toBe(0);
    expect(help.output()).toContain('npm run sandbox -- --port 4700 --webhook');
    const refused = run(...START, '--webhook-secret', 'whsec_alone');
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('more --webhook-secret than --webhook');
  });

  it.each([
    [['--settings', 'odrer=typical'], 'odrer'],
    [['--chaos', 'seed=1,duplicate=2'], 'duplicate'],
    [['--chaos', 'seed=1,preset=calm'], 'There is no preset calm'],
    [['--webhook', 'ftp://x.test/'], 'An http or https URL is expected.'],
    [['--live-webhook', 'http://x.test/'], 'It needs --live.'],
    [['--port', '70000'], 'A number from 0 to 65535 is expected.'],
    [['--prot', '4700'], "Unknown option '--prot'"],
  ])('refuses %j', (args, reason) => {
    expect(() => readArgs(args)).toThrow(reason);
  });
});
