export type { ApiDocs, FieldDocs, OperationDocs, ProblemDocs, WebhookDocs } from './docs-view';

/** Every refusal of the API. A caller decides by `code`; `title` and `meaning` are for people. */
export const PROBLEM_CODES = [
  'invalid_request',
  'invalid_key',
  'insufficient_credits',
  'missing_scope',
  'grant_limit_exceeded',
  'not_found',
  'method_not_allowed',
  'wallet_frozen',
  'hold_not_active',
  'capture_exceeds_hold',
  'not_reversible',
  'already_reversed',
  'wrong_book',
  'return_not_allowed',
  'key_rotated',
  'body_too_large',
  'unsupported_media_type',
  'idempotency_key_reused',
  'rate_limited',
  'internal_error',
  'unavailable',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

interface ProblemKind {
  status: number;
  title: string;
  /** What happened and what the caller does next. */
  meaning: string;
}

/** A refused request has written nothing, but for the customer that an external id names for the first time. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  invalid_request: {
    status: 400,
    title: 'The request is not understood',
    meaning:
      '`errors` names each place and what is wrong with it. Mend it; the Idempotency-Key is still free.',
  },
  invalid_key: {
    status: 401,
    title: 'The API key opens nothing',
    meaning: 'It is missing, unknown, revoked, or past the end of its rotation.',
  },
  insufficient_credits: {
    status: 402,
    title: 'Not enough credits',
    meaning:
      '`balance` is what can be spent now and `shortfall` what is missing. Nothing was spent; the same request with the same Idempotency-Key may succeed later.',
  },
  missing_scope: {
    status: 403,
    title: 'The key may not do this',
    meaning: '`scope` names what the client lacks; an admin can give it.',
  },
  grant_limit_exceeded: {
    status: 403,
    title: 'Above the limit of API grants',
    meaning:
      '`bound` says which limit, with `limit` and `used` in credits. Limits are per grant and per 24 hours.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing here',
    meaning: 'The book of this key has nothing under this id or path.',
  },
  method_not_allowed: { status: 405, title: 'Not by this method', meaning: 'The header Allow says which.' },
  wallet_frozen: {
    status: 409,
    title: 'The wallet is frozen',
    meaning: 'A dispute or a person froze it. Nothing can be spent or held until it is thawed.',
  },
  hold_not_active: {
    status: 409,
    title: 'The hold has ended',
    meaning: '`state` says how: captured, released or expired.',
  },
  capture_exceeds_hold: {
    status: 409,
    title: 'More than is held',
    meaning: '`held` is the most that can be captured.',
  },
  not_reversible: {
    status: 409,
    title: 'Not something that can be taken back',
    meaning: 'Only a spend or a capture can be reversed.',
  },
  already_reversed: {
    status: 409,
    title: 'Taken back already',
    meaning: '`reversal` is the id of what took it back.',
  },
  wrong_book: {
    status: 409,
    title: 'The store sells in the other book',
    meaning: 'A test key signs nobody into a live store, nor a live key into a test store.',
  },
  return_not_allowed: {
    status: 409,
    title: 'Not an allowed return address',
    meaning: 'The origin of `return_url` is not among those of the client; an admin can add it.',
  },
  key_rotated: {
    status: 409,
    title: 'Made with another API key',
    meaning:
      'The link was made with a former key of this client and cannot be shown again. Ask for a new one.',
  },
  body_too_large: { status: 413, title: 'The body is too large', meaning: 'A body has at most 16 KiB.' },
  unsupported_media_type: {
    status: 415,
    title: 'Not JSON',
    meaning: 'Send the body as `Content-Type: application/json`.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key belongs to another request',
    meaning: 'It stands for something else already. Ask with the same body as then, or with a new key.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    meaning: 'Wait as many seconds as Retry-After says, then go on with the same Idempotency-Key.',
  },
  internal_error: {
    status: 500,
    title: 'Our fault',
    meaning:
      'The outcome is unknown: ask again with the same Idempotency-Key. Name `request_id` when you report it.',
  },
  unavailable: {
    status: 503,
    title: 'Not available for a moment',
    meaning: 'The outcome is unknown: ask again with the same Idempotency-Key after Retry-After seconds.',
  },
};
