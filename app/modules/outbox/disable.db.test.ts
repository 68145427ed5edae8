import { describe, expect, it } from 'vitest';

import { inTransaction } from '~/platform/db.server';
import { hours } from '~/platform/time';

import { changeEndpoint } from './change-endpoint.server';
import { sweepOutbox } from './sweep-outbox.server';
import { HERE } from './testing/product';
import { sendingOf } from './testing/sending';
import { eventually, useOutbox } from './testing/use-outbox';

const outbox = useOutbox();
const { sender, grants, oneMessage, row, endpointRow, tryUntil } = outbox;

describe('an endpoint', () => {
  const audited = (endpointId: string) =>
    outbox.db.audit.findMany({
      where: { subject: endpointId, act: 'endpoint.disabled' },
      select: { reason: true },
      take: 5,
    });
  const failingFor = (id: string, time: number) =>
    outbox.db.endpoint.update({ where: { id }, data: { failingSince: new Date(Date.now() - time) } });

  it('that answers 410 is disabled at once', async () => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => ({ status: 410 }));
    await grants(5);
    sender().wake();
    await eventually(async () =>
      expect(await endpointRow(endpointId)).toMatchObject({ state: 'disabled', reason: 'gone' }),
    );
    await eventually(async () =>
      expect(await outbox.db.sending.count({ where: { endpointId, state: 'pending' } })).toBe(0),
    );
    await outbox.stopSenders();
    const states = await outbox.db.sending.groupBy({ by: ['state'], where: { endpointId } });
    expect(states.map(({ state }) => state).sort()).toEqual(['canceled', 'failed']);
    expect((await row(sendingId)).log).toMatchObject([{ status: 410 }]);
    expect(await audited(endpointId)).toEqual([{ reason: 'gone' }]);
    await grants(1);
    expect(await outbox.db.sending.count({ where: { endpointId } })).toBe(6);
  });

  it('that failed for a day, with a message given up, is disabled', async () => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => ({ status: 500 }));
    await grants(5);
    await failingFor(endpointId, hours(25));
    await outbox.db.sending.update({ where: { id: sendingId }, data: { tries: 7 } });
    sender().wake();
    await eventually(async () =>
      expect(await endpointRow(endpointId)).toMatchObject({ state: 'disabled', reason: 'failing' }),
    );
    await outbox.stopSenders();
    expect(await row(sendingId)).toMatchObject({ state: 'failed', tries: 8 });
    expect(await outbox.db.sending.count({ where: { endpointId, state: 'canceled' } })).toBe(5);
    expect(await audited(endpointId)).toEqual([{ reason: 'failing' }]);
  });

  it.each([
    ['for less than a day', hours(23), 7],
    ['and gave no message up', hours(30), 3],
  ])('that failed %s stays on', async (_name, time, tries) => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => ({ status: 500 }));
    await failingFor(endpointId, time);
    await outbox.db.sending.update({ where: { id: sendingId }, data: { tries } });
    await tryUntil(tries + 1, sendingId);
    expect((await endpointRow(endpointId)).state).toBe('on');
  });

  it('that gave a message up before it last succeeded begins its day anew', async () => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    heard.answers(() => ({ status: 500 }));
    await outbox.db.sending.update({
      where: { id: sendingId },
      data: { state: 'failed', endedAt: new Date(Date.now() - hours(40)) },
    });
    await grants(1);
    await failingFor(endpointId, hours(30));
    const { id } = await sendingOf(outbox.db, { endpointId });
    await tryUntil(1, id);
    expect((await endpointRow(endpointId)).state).toBe('on');
  });

  it('that a person switches off gets nothing more, and starts afresh when it is on again', async () => {
    const { endpointId, product: heard, sendingId } = await oneMessage();
    await failingFor(endpointId, hours(30));
    const set = (state: 'on' | 'off') =>
      inTransaction(outbox.db, 'change', (tx) =>
        changeEndpoint(tx, { endpointId, change: { state }, rules: HERE, actor: 'test' }),
      );
    await set('off');
    expect(await row(sendingId)).toMatchObject({ state: 'canceled' });
    await grants(1);
    await set('on');
    expect(await endpointRow(endpointId)).toMatchObject({ state: 'on', reason: null, failingSince: null });
    await grants(1);
    sender().wake();
    await eventually(() => expect(heard.heard).toHaveLength(1));
  });
});

it('what was written to an endpoint while it was switched off is canceled by the sweep', async () => {
  const { endpointId, sendingId } = await oneMessage();
  await outbox.db.endpoint.update({ where: { id: endpointId }, data: { state: 'off' } });
  const running = sender();
  running.wake();
  await running.stop();
  expect(await row(sendingId)).toMatchObject({ state: 'pending', tries: 0 });
  await sweepOutbox(outbox.db, new Date());
  expect(await row(sendingId)).toMatchObject({ state: 'canceled' });
});
