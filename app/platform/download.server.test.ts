import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { writeReadableStreamToWritable } from '@remix-run/node';
import { afterEach, expect, it, vi } from 'vitest';

import { streamText } from './download.server';
import { enterResponse } from './response-drain.server';
import { seconds } from './time';

const PIECE = 'x'.repeat(256 * 1024);
const PIECES = 200;

const server = createServer();
afterEach(() => server.close());

/** A file of 50 MB, sent as Remix sends it; the most that ever waited in this process for its reader. */
function serve() {
  let [made, most] = [0, 0];
  let isEnded = false;
  const answer = (response: ServerResponse) => {
    enterResponse(response);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    async function* pieces() {
      try {
        for (; made < PIECES; made += 1) {
          most = Math.max(most, response.writableLength);
          yield PIECE;
        }
      } finally {
        isEnded = true;
      }
    }
    return writeReadableStreamToWritable(streamText(pieces(), gone.signal), response);
  };
  const answered = new Promise<ServerResponse>((resolve) => {
    server.once('request', (_, response: ServerResponse) => {
      resolve(response);
      void answer(response);
    });
  });
  return { answered, made: () => made, most: () => most, isEnded: () => isEnded };
}

async function open(): Promise<IncomingMessage> {
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => get({ port }, resolve));
}

it('a file waits for its reader: whoever lingers gets it whole, and never more than a few pieces are made ahead', async () => {
  const { answered, made, most } = serve();
  const file = await open();
  const response = await answered;
  // The network's own buffers are full, and nobody reads.
  await vi.waitFor(() => expect(response.writableNeedDrain).toBe(true), { timeout: seconds(20) });
  expect(made()).toBeLessThan(PIECES);
  let bytes = 0;
  for await (const chunk of file) bytes += Buffer.from(chunk).length;
  expect(bytes).toBe(PIECES * PIECE.length);
  expect(most()).toBeLessThanOrEqual(3 * PIECE.length);
});

it('a reader who leaves while the file waits ends the reading', async () => {
  const { answered, made, isEnded } = serve();
  const file = await open();
  const response = await answered;
  await vi.waitFor(() => expect(response.writableNeedDrain).toBe(true), { timeout: seconds(20) });
  file.destroy();
  await vi.waitFor(() => expect(isEnded()).toBe(true), { timeout: seconds(20) });
  expect(made()).toBeLessThan(PIECES);
});
