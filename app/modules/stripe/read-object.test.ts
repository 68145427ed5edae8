import { createServer } from 'node:http';
import * as z from 'zod';
import { expect, it } from 'vitest';

import { seconds } from '~/platform/time';

import { readObject } from './read-object.server';
import { isPassing } from './stripe-faults.server';

it('a Stripe that does not answer is given up so soon that three reads fit into one claim', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.int() }).parse(silent.address());
  const settings = { secretKey: 'sk_test_12345678', apiBase: `http://127.0.0.1:${port}` };
  const startedAt = performance.now();
  const fault: unknown = await readObject(settings, { object: 'payment_intent', id: 'pi_1' }).catch(
    (error: unknown) => error,
  );
  expect(performance.now() - startedAt).toBeLessThan(seconds(10));
  expect(isPassing(fault)).toBe(true);
  silent.closeAllConnections();
  silent.close();
}, 15_000);
