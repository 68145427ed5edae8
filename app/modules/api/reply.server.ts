import { type ProblemCode, PROBLEMS } from './shared';

/** What an operation says of a request: what it asked for, or why not. */
export type Reply<Body> = Answer<Body> | Problem;

export interface Answer<Body> {
  outcome: 'answer';
  body: Body;
  /** The same request under the same key was answered before: nothing happened now. */
  isReplayed: boolean;
}

export interface Problem {
  outcome: 'problem';
  code: ProblemCode;
  /** One sentence about this very request. */
  detail: string;
  /** Fields of this code. */
  extras: Readonly<Record<string, unknown>>;
  headers: Readonly<Record<string, string>>;
}

export const answer = <Body>(body: Body, isReplayed = false): Answer<Body> => ({
  outcome: 'answer',
  body,
  isReplayed,
});

export const problem = (
  code: ProblemCode,
  detail: string,
  extras: Problem['extras'] = {},
  headers: Problem['headers'] = {},
): Problem => ({ outcome: 'problem', code, detail, extras, headers });

/** What is wrong with a request, place by place. */
export const invalidRequest = (errors: readonly { at: string; message: string }[]): Problem =>
  problem('invalid_request', errors.map(({ at, message }) => `${at}: ${message}`).join(' '), { errors });

/** A refusal as RFC 9457 writes it. */
export function problemResponse(found: Problem, about: { requestId: string; appUrl: string }): Response {
  const { status, title } = PROBLEMS[found.code];
  const body = {
    type: `${about.appUrl}/api/docs#${found.code}`,
    title,
    status,
    code: found.code,
    detail: found.detail,
    request_id: about.requestId,
    ...found.extras,
  };
  const headers = { ...found.headers, 'Content-Type': 'application/problem+json; charset=utf-8' };
  return new Response(JSON.stringify(body), { status, headers });
}
