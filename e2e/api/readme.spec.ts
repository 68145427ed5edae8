import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '../fixtures/test';

const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');

/** Each curl of the README as it is sent, but for the port of the demo that it asks. */
function curls() {
  const commands = readme.replace(/\\\n\s*/g, '').match(/^curl .*$/gm) ?? [];
  return commands.map((command) => ({
    path: /localhost:3000(\S+)/.exec(command)?.[1] ?? '',
    headers: Object.fromEntries(
      [...command.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [name, value]),
    ),
    data: /-d '([^']+)'/.exec(command)?.[1] ?? '',
  }));
}

test('the README’s curl lines work on the demo, and do one thing however often they are sent', async ({
  request,
}) => {
  expect(curls().map((one) => one.path)).toEqual(['/api/v1/grants', '/api/v1/spends']);
  for (const { path: at, ...sent } of curls()) {
    const first = await request.post(at, sent);
    expect(first.status(), await first.text()).toBe(201);
    const second = await request.post(at, sent);
    expect(await second.json()).toEqual(await first.json());
    expect(second.headers()['idempotency-replayed']).toBe('true');
  }
});
