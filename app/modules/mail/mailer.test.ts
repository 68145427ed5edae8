import { createServer, type Socket } from 'node:net';

import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';

import { checkMailServer } from './check-mail-server.server';
import { isRefusedForGood, smtpMailer } from './mailer.server';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A mail server that speaks enough SMTP to take one mail, or to refuse its recipient. */
async function smtpServer(replyToRecipient = '250 ok') {
  const received: string[] = [];
  const talk = (socket: Socket) => {
    let isData = false;
    let data = '';
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.write('220 test\r\n');
    socket.on('data', (chunk: string) => {
      if (isData) {
        data += chunk;
        if (!data.endsWith('\r\n.\r\n')) return;
        received.push(data);
        isData = false;
        socket.write('250 taken\r\n');
        return;
      }
      const command = chunk.slice(0, 4).toUpperCase();
      if (command === 'DATA') isData = true;
      if (command === 'DATA') socket.write('354 go on\r\n');
      else if (command === 'RCPT') socket.write(`${replyToRecipient}\r\n`);
      else if (command === 'QUIT') socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    });
  };
  const server = createServer(talk);
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { received, mailer: smtpMailer(`smtp://127.0.0.1:${port}`, 'Credence <credits@example.com>') };
}

const MAIL = {
  id: 'mail_1',
  to: 'robin@example.com',
  subject: 'A note',
  text: 'plain words',
  html: '<p>marked-up words</p>',
};

test('a mail server gets both forms of the mail under the id of its row', async () => {
  const { mailer, received } = await smtpServer();
  await mailer.send(MAIL);
  const [sent = ''] = received;
  expect(sent).toContain('Message-ID: <mail_1@example.com>');
  expect(sent).toContain('From: Credence <credits@example.com>');
  expect(sent).toContain('To: robin@example.com');
  expect(sent).toContain('plain words');
  expect(sent).toContain('<p>marked-up words</p>');
});

test.each([
  ['550 no such user', true],
  ['451 try again later', false],
])('a recipient refused with "%s" is refused for good: %s', async (reply, isForGood) => {
  const { mailer } = await smtpServer(reply);
  const error: unknown = await mailer.send(MAIL).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(isRefusedForGood(error)).toBe(isForGood);
});

test('a server that is not there is no refusal', async () => {
  const error: unknown = await smtpMailer('smtp://127.0.0.1:1', 'a@example.com')
    .send(MAIL)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(isRefusedForGood(error)).toBe(false);
});

test('a server that takes the connection and says nothing is not waited for', async () => {
  const silent = createServer((socket) => closing.push(() => socket.destroy()));
  closing.push(() => silent.close());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(silent.address());
  const startedAt = performance.now();
  const SMTP_URL = `smtp://user:100%25@127.0.0.1:${port}`;
  const said = await checkMailServer({ SMTP_URL, MAIL_SANDBOX_URL: undefined });
  expect(said).toMatchObject({ outcome: 'unreachable' });
  expect(performance.now() - startedAt).toBeLessThan(9_000);
}, 20_000);
