import * as z from 'zod';

import { expect, test } from '../fixtures/test';

const problem = z.looseObject({ code: z.string(), request_id: z.string() });

const refused = [
  ['GET', '/api/v1/balance?customer=user_42', 401, 'invalid_key'],
  ['POST', '/api/v1/spends', 401, 'invalid_key'],
  ['DELETE', '/api/v1/spends', 405, 'method_not_allowed'],
  ['TRACE', '/api/v1/spends', 405, 'method_not_allowed'],
  ['GET', '/api/v1/nothing', 404, 'not_found'],
  ['GET', '/api/v1/%E0%A4%A', 404, 'not_found'],
] as const;

for (const [method, path, status, code] of refused) {
  test(`${method} ${path} is refused as ${code}, under the number of its request`, async ({ request }) => {
    const answer = await request.fetch(path, { method });
    expect(answer.status()).toBe(status);
    expect(answer.headers()['content-type']).toBe('application/problem+json; charset=utf-8');
    const said = problem.parse(await answer.json());
    expect(said.code).toBe(code);
    expect(said.request_id).toMatch(/^req_/);
    expect(answer.headers()['x-request-id']).toBe(said.request_id);
  });
}
