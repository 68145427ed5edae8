import { inspect } from 'node:util';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';

import { inTransaction } from '~/platform/db.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { sandboxMailer } from './mailer.server';
import { queueMail } from './queue-mail.server';
import { sendQueuedMail } from './send-queued-mail.server';

const database = useTestDatabase();
const FROM = 'Credence <credits@example.com>';
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A mail page over real HTTP that answers with these statuses, one after the other, and keeps what it was sent. */
async function mailPage(...statuses: number[]) {
  const received: unknown[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const status = statuses.shift() ?? 200;
      if (status === 200) received.push(JSON.parse(body));
      response.writeHead(status).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port }: AddressInfo = z
    .object({ port: z.number(), family: z.string(), address: z.string() })
    .parse(server.address());
  return { mailer: sandboxMailer(`http://127.0.0.1:${port}/mail`, FROM), received };
}

let causes = 0;
const mail = () => ({
  cause: `test:${(causes += 1)}`,
  kind: 'test.note',
  recipient: 'robin@example.com',
  subject: 'A note',
  text: 'secret link',
  html: '<p>secret link</p>',
});

async function queued(input = mail()): Promise<string> {
  const result = await inTransaction(database.db, 'test', (tx) => queueMail(tx, input));
  if (result.outcome !== 'queued') throw new Error(result.outcome);
  return result.mailId;
}

const jobsOf = async (mailId: string) => {
  const rows = await database.db.$queryRaw`
    SELECT count(*)::int AS n FROM graphile_worker.jobs WHERE key = ${`mail.send:${mailId}`}`;
  return z.tuple([z.object({ n: z.number() })]).parse(rows)[0].n;
};

const rowOf = (id: string) => database.db.mail.findUniqueOrThrow({ where: { id } });

test('a queued mail has the job that sends it', async () => {
  const mailId = await queued();
  expect(await rowOf(mailId)).toMatchObject({ state: 'queued', tries: 0 });
  expect(await jobsOf(mailId)).toBe(1);
});

test('a mail whose cause is rolled back is never sent', async () => {
  const input = mail();
  const act = inTransaction(database.db, 'test', async (tx) => {
    await queueMail(tx, input);
    throw new Error('rolled back');
  });
  await expect(act).rejects.toThrow('rolled back');
  expect(await database.db.mail.count({ where: { cause: input.cause } })).toBe(0);
});

test('one cause sends one mail of a kind, also when it is told eight times at once', async () => {
  const input = mail();
  const told = await Promise.all(
    Array.from({ length: 8 }, () => inTransaction(database.db, 'test', (tx) => queueMail(tx, input))),
  );
  expect(told.filter(({ outcome }) => outcome === 'queued')).toHaveLength(1);
  expect(await database.db.mail.count({ where: { cause: input.cause } })).toBe(1);
});

test('a sent mail arrives whole, once, and its body is blanked', async () => {
  const mailId = await queued();
  const { mailer, received } = await mailPage();
  expect(await sendQueuedMail(database.db, mailId, mailer)).toEqual({ outcome: 'sent' });
  expect(await sendQueuedMail(database.db, mailId, mailer)).toEqual({ outcome: 'not_queued' });
  expect(received).toEqual([
    {
      from: FROM,
      to: 'robin@example.com',
      subject: 'A note',
      text: 'secret link',
      html: '<p>secret link</p>',
    },
  ]);
  expect(await rowOf(mailId)).toMatchObject({ state: 'sent', text: '', html: '', tries: 1 });
});

test('a send that fails is told to the job, kept with its reason, and works later', async () => {
  const mailId = await queued();
  const { mailer, received } = await mailPage(503);
  await expect(sendQueuedMail(database.db, mailId, mailer)).rejects.toThrow(`${mailId} was not taken`);
  expect(await rowOf(mailId)).toMatchObject({
    state: 'queued',
    text: 'secret link',
    tries: 1,
    lastError: 'The mail page answered 503.',
  });
  expect(await sendQueuedMail(database.db, mailId, mailer)).toEqual({ outcome: 'sent' });
  expect(received).toHaveLength(1);
  expect(await rowOf(mailId)).toMatchObject({ state: 'sent', tries: 2, lastError: null });
});

test('what a mail server says of a recipient stays in the row: the job, and so the log, hears nothing of it', async () => {
  const mailId = await queued();
  const reason = '450 <robin@example.com>: Recipient address rejected: Greylisted';
  // why: a server that defers one recipient; what it says reaches the room as the mailer's error.
  const mailer = { send: () => Promise.reject(new Error(reason)) };
  const told: unknown = await sendQueuedMail(database.db, mailId, mailer).catch((error: unknown) => error);
  expect(inspect(told)).not.toContain('robin');
  expect((await rowOf(mailId)).lastError).toBe(reason);
});

test('a mail that fails too often is given up: failed, with its reason and without its body', async () => {
  const mailId = await queued();
  await database.db.mail.update({ where: { id: mailId }, data: { tries: 13 } });
  const { mailer } = await mailPage(500);
  expect(await sendQueuedMail(database.db, mailId, mailer)).toEqual({ outcome: 'failed' });
  expect(await rowOf(mailId)).toMatchObject({ state: 'failed', text: '', html: '', tries: 14 });
});

test('what someone typed into a subject cannot begin another header', async () => {
  const mailId = await queued({ ...mail(), subject: 'Hello\r\nBcc: all@example.com' });
  expect((await rowOf(mailId)).subject).toBe('Hello Bcc: all@example.com');
});
