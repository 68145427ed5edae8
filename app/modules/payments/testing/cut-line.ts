import { connect, createServer, type Socket } from 'node:net';

import { closeDb, createDb, type Db } from '~/platform/db.server';

/**
 * A line to Postgres that is cut at one statement, so that a use case loses its database exactly there: before the
 * statement reaches the server, or after the server has done it and before the answer comes back.
 * It counts what really travels: one simple query, or one extended query up to its Sync.
 */
export interface Cut {
  /** Counted from 1. */
  statement: number;
  when: 'before' | 'after';
  /** `connection`: a new connection works again. `process`: nothing gets through any more, as after a kill. */
  loses: 'connection' | 'process';
}

interface Line {
  url: string;
  /** Counts from here on, and is cut there. */
  cutAt: (cut: Cut | undefined) => void;
  /** How many statements were sent since then. */
  sent: () => number;
  /** Resolves when the line is cut for good. */
  isDead: Promise<void>;
  close: () => void;
}

async function openLine(url: string): Promise<Line> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let cut: Cut | undefined;
  let sent = 0;
  let isDead = false;
  let tellDead = (): void => undefined;
  const died = new Promise<void>((resolve) => {
    tellDead = resolve;
  });

  const server = createServer((client) => {
    if (isDead) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    let isLosing = false;
    const sever = (): void => {
      client.destroy();
      upstream.destroy();
    };
    const cutNow = (): void => {
      sever();
      if (cut?.loses !== 'process') return;
      isDead = true;
      for (const socket of sockets) socket.destroy();
      tellDead();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', sever);
      socket.on('close', () => {
        sockets.delete(socket);
        sever();
      });
    }

    let statement: Buffer[] = [];
    const asked = framesOf(false, (type, frame) => {
      statement.push(frame);
      if (type === 'Q' || type === 'S') {
        sent += 1;
        const isHere = sent === cut?.statement;
        if (isHere && cut?.when === 'before') {
          cutNow();
          return;
        }
        isLosing = isHere;
      } else if (EXTENDED.has(type)) return;
      upstream.write(Buffer.concat(statement));
      statement = [];
    });
    const answered = framesOf(true, (type, frame) => {
      if (!isLosing) client.write(frame);
      else if (type === 'Z') cutNow();
    });
    client.on('data', asked);
    upstream.on('data', answered);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The line listens on a TCP port.');
  const here = new URL(url);
  here.hostname = '127.0.0.1';
  here.port = String(address.port);
  return {
    url: here.href,
    cutAt: (next) => {
      cut = next;
      sent = 0;
    },
    sent: () => sent,
    isDead: died,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Parse, Bind, Describe, Execute, Close: they are one statement with the Sync that follows. */
const EXTENDED = new Set(['P', 'B', 'D', 'E', 'C']);

/** Splits a stream into protocol messages. The first message of a client has no type. */
function framesOf(isTyped: boolean, take: (type: string, frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let header = isTyped ? 1 : 0;
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= header + 4) {
      const length = header + rest.readInt32BE(header);
      if (rest.length < length) return;
      const frame = rest.subarray(0, length);
      rest = rest.subarray(length);
      const type = header === 0 ? '' : frame.toString('latin1', 0, 1);
      header = 1;
      take(type, frame);
    }
  };
}

/** Before and after every statement of a use case that sends so many. */
export const cutsOf = (statements: number, loses: Cut['loses']): Cut[] =>
  Array.from({ length: statements }, (_, n) => n + 1).flatMap((statement) =>
    (['before', 'after'] as const).map((when): Cut => ({ statement, when, loses })),
  );

/** How many statements a use case sends when nothing is cut. */
export async function statementsOf(url: string, act: (db: Db) => Promise<unknown>): Promise<number> {
  const { line, db } = await openClient(url);
  await act(db);
  await closeDb(db);
  line.close();
  return line.sent();
}

const LANES = 3;

/**
 * Does every case on a line that is cut where the case says. What it throws is what the cut did to it. A lost connection
 * leaves its process to the next case; a killed process is not waited for, for it can reach nothing any more.
 */
export async function forEachCut<Case extends { cut: Cut }>(
  url: string,
  cases: readonly Case[],
  act: (db: Db, one: Case) => Promise<unknown>,
): Promise<void> {
  const queue = cases.values();
  const lane = async (): Promise<void> => {
    let client: { line: Line; db: Db } | undefined;
    for (const one of queue) {
      client ??= await openClient(url);
      const { line, db } = client;
      line.cutAt(one.cut);
      const ended = act(db, one).catch(() => undefined);
      if (one.cut.loses === 'connection') await ended;
      else {
        await Promise.race([ended, line.isDead]);
        line.close();
        void ended.then(() => closeDb(db)).catch(() => undefined);
        client = undefined;
      }
    }
    if (!client) return;
    await closeDb(client.db);
    client.line.close();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function openClient(url: string): Promise<{ line: Line; db: Db }> {
  const line = await openLine(url);
  return { line, db: createDb(line.url, 2) };
}
