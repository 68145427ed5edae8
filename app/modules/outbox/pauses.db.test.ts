import { expect, it } from 'vitest';

import { setPause } from '~/modules/pauses/index.server';
import { inTransaction } from '~/platform/db.server';

import { eventually, useOutbox } from './testing/use-outbox';

const outbox = useOutbox();

const turn = (pauses: boolean, book: 'test' | 'live' = 'test') =>
  inTransaction(outbox.db, 'turn', (tx) =>
    setPause(tx, { book, work: 'outgoing', pauses, actor: 'usr_1', reason: 'incident', comment: 'tested' }),
  );
const sweeps = () =>
  outbox.db.$queryRaw`SELECT id FROM graphile_worker.jobs WHERE task_identifier = 'outbox.sweep'`;

it('while outgoing webhooks are paused messages are written and none is sent; after it all of them are, once', async () => {
  const { product } = await outbox.oneMessage();
  await turn(true);
  const sender = outbox.sender();
  await outbox.grants(3);
  sender.wake();
  await sender.stop();
  expect(product.heard).toHaveLength(0);
  expect(await outbox.db.sending.count({ where: { state: 'pending', tries: 0 } })).toBe(4);
  expect(await sweeps()).toEqual([]);
  await turn(false);
  expect(await sweeps()).toHaveLength(1);
  outbox.sender().wake();
  await eventually(() => expect(product.heard).toHaveLength(4));
  expect(new Set(product.ids()).size).toBe(4);
});

it('a pause of the other book holds nothing back', async () => {
  await turn(true, 'live');
  const { product } = await outbox.oneMessage();
  outbox.sender().wake();
  await eventually(() => expect(product.heard).toHaveLength(1));
  await turn(false, 'live');
});
