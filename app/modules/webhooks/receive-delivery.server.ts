import { assertNever } from '~/platform/assert-never';
import { heldKeys, realmOfKey } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type RealmEndpoint, receive, type ReceiveOutcome } from './receive.server';

/** The action of every webhook path. Answers say which check failed and nothing of why. */
export async function receiveDelivery(request: Request): Promise<Response> {
  if (request.method !== 'POST') return methodNotAllowed();
  try {
    return answer(await receive({ db: db(), endpoints: await ownEndpoints(), now: new Date() }, request));
  } catch (error) {
    log.error('delivery not received', { error: error instanceof Error ? error.message : String(error) });
    return json(500, { received: false, code: 'not_stored' });
  }
}

/** One of each key that this process holds. */
function ownEndpoints(): Promise<RealmEndpoint[]> {
  return Promise.all(
    heldKeys().map(async (key) => ({ realm: await realmOfKey(key), secrets: key.webhookSecrets })),
  );
}

/** Any other method than POST. */
export function methodNotAllowed(): Response {
  return json(405, { received: false, code: 'method_not_allowed' }, { Allow: 'POST' });
}

function answer(outcome: ReceiveOutcome): Response {
  switch (outcome.outcome) {
    case 'received':
      return json(200, { received: true });
    case 'refused':
      // The rest of an oversized body is never read, so the connection cannot carry another request.
      return json(
        outcome.status,
        { received: false, code: outcome.code },
        outcome.status === 413 ? { Connection: 'close' } : {},
      );
    case 'realm_unknown':
      return json(503, { received: false, code: 'realm_unknown' });
    case 'probed':
      return json(400, { received: false, code: 'probed', answer: outcome.answer });
    case 'not_stored':
      return json(500, { received: false, code: 'not_stored' });
    default:
      return assertNever(outcome);
  }
}

const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  });
