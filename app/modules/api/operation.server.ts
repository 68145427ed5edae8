import * as z from 'zod';

import { type AskingClient } from '~/modules/clients/index.server';
import { type ApiBook, type ApiScope } from '~/modules/clients/shared';
import { type Db } from '~/platform/db.server';

import { invalidRequest, type Reply } from './reply.server';
import { type ProblemCode } from './shared';

/** Who asks, and what of this process it takes to answer. */
export interface Surroundings {
  db: Db;
  client: AskingClient;
  /** The API key that it asked with. */
  bearer: string;
  now: Date;
  /** Origin of our own pages, without a trailing slash. */
  appUrl: string;
  /** The book that this store sells in. */
  storeBook: ApiBook;
}

/** What is sent, before anything of it is understood. */
export interface Sent {
  params: unknown;
  query: unknown;
  /** Undefined where none came. */
  body: unknown;
  idempotencyKey: string | null;
}

/** One thing that the API does: what validates it, what documents it, and what does it. */
export interface Operation {
  id: string;
  method: 'GET' | 'POST';
  /** Below /api/v1, as OpenAPI writes it. */
  path: string;
  summary: string;
  description: string;
  scope: ApiScope;
  params: z.ZodObject;
  query: z.ZodObject;
  body: z.ZodObject;
  answer: z.ZodType;
  /** Beside those that every operation has. */
  refusals: readonly ProblemCode[];
  handle: (sent: Sent, surroundings: Surroundings) => Promise<Reply<unknown>>;
}

type About = Pick<Operation, 'id' | 'path' | 'summary' | 'description' | 'scope' | 'refusals'>;

/** Where an operation takes nothing. */
export const nothing = z.strictObject({});

/** An operation that moves no credits. */
export function readOperation<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Answer extends z.ZodType,
>(
  spec: About & {
    params: Params;
    query: Query;
    answer: Answer;
    run: (
      asked: Surroundings & { params: z.output<Params>; query: z.output<Query> },
    ) => Promise<Reply<z.output<Answer>>>;
  },
): Operation {
  const { run, ...about } = spec;
  return {
    ...about,
    method: 'GET',
    body: nothing,
    handle: async (sent, surroundings) => {
      const params = spec.params.safeParse(sent.params);
      const query = spec.query.safeParse(sent.query);
      if (!params.success || !query.success)
        return invalidRequest([...faultsOf('path', params), ...faultsOf('query', query)]);
      return run({ ...surroundings, params: params.data, query: query.data });
    },
  };
}

/** An operation that does something, once per Idempotency-Key of its client. */
export function writeOperation<
  Params extends z.ZodObject,
  Body extends z.ZodObject,
  Answer extends z.ZodType,
>(
  spec: About & {
    params: Params;
    body: Body;
    answer: Answer;
    run: (
      asked: Surroundings & { params: z.output<Params>; body: z.output<Body>; act: ClientAct },
    ) => Promise<Reply<z.output<Answer>>>;
  },
): Operation {
  const { run, ...about } = spec;
  return {
    ...about,
    method: 'POST',
    query: nothing,
    handle: async (sent, surroundings) => {
      const params = spec.params.safeParse(sent.params);
      const query = nothing.safeParse(sent.query);
      const body = spec.body.safeParse(sent.body ?? {});
      const key = idempotencyKey.safeParse(sent.idempotencyKey ?? undefined);
      if (!params.success || !query.success || !body.success || !key.success) {
        return invalidRequest([
          ...faultsOf('path', params),
          ...faultsOf('query', query),
          ...faultsOf('body', body),
          ...faultsOf('header', key, 'Idempotency-Key'),
        ]);
      }
      const act = actOf(surroundings.client, key.data);
      return run({ ...surroundings, params: params.data, body: body.data, act });
    },
  };
}

export const idempotencyKey = z
  .string('Every POST needs one, for example a UUID: the same key again is answered as it was.')
  .regex(/^[\x21-\x7e]{1,255}$/, 'It has 1 to 255 visible ASCII characters.')
  .meta({
    description:
      'Names this very act among all of your client. The same key with the same body is answered as it was, as often as you ask; with another body it is refused. A refusal leaves the key free.',
    example: '5f9a2c1e-7d0b-4c1e-9a55-0c3b6f1f2a77',
  });

/** What the ledger keeps of who asked, and under which key. */
export interface ClientAct {
  key: string;
  actor: string;
  /** As the client sent it. */
  idempotencyKey: string;
}

const actOf = ({ clientId }: AskingClient, key: string): ClientAct => ({
  key: `api:${clientId}:${key}`,
  actor: `api:${clientId}`,
  idempotencyKey: key,
});

function faultsOf(
  where: 'path' | 'query' | 'body' | 'header',
  parsed: { success: boolean; error?: z.ZodError },
  name?: string,
): { at: string; message: string }[] {
  return (parsed.error?.issues ?? []).map((issue) => ({
    at: [where, ...(name === undefined ? issue.path.map(String) : [name])].join('.'),
    message:
      issue.code === 'unrecognized_keys'
        ? `There is no ${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(', ')} here.`
        : sentence(issue.message),
  }));
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
