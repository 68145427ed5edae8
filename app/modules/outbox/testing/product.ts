import { type Asked, type Reply, serve } from '../../../../e2e/support/serve';
import { type Db, inTransaction } from '~/platform/db.server';

import { addressRules } from '../address.server';
import { addEndpoint, type AddEndpointInput } from '../add-endpoint.server';

/** This very machine, by http. */
export const HERE = addressRules('test', []);

export type Answer = (asked: Asked, n: number) => Promise<Reply | 'cut'> | Reply | 'cut';

/** A product on this machine: what it was asked, and what it answers, which is 204 until it is told otherwise. */
export interface TestProduct {
  url: string;
  heard: Asked[];
  /** The ids of the messages that it heard, in order. */
  ids: () => string[];
  answers: (answer: Answer) => void;
  close: () => void;
}

export async function openProduct(): Promise<TestProduct> {
  const heard: Asked[] = [];
  let answer: Answer = () => ({ status: 204 });
  const server = await serve((asked) => {
    heard.push(asked);
    return answer(asked, heard.length);
  });
  return {
    url: `${server.url}/hooks`,
    heard,
    ids: () => heard.map(({ headers }) => headers.get('webhook-id') ?? ''),
    answers: (next) => (answer = next),
    close: server.close,
  };
}

/** An endpoint that stands. @throws when it was refused */
export async function endpointAt(
  db: Db,
  url: string,
  change: Partial<AddEndpointInput> = {},
): Promise<{ endpointId: string; secret: string }> {
  const input = { book: 'test' as const, url, description: '', types: [], rules: HERE, actor: 'test' };
  const added = await inTransaction(db, 'add endpoint', (tx) => addEndpoint(tx, { ...input, ...change }));
  if (added.outcome !== 'added') throw new Error(`The endpoint is ${added.outcome}.`);
  return added;
}
