import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest();
});
afterAll(() => test.stop());

const FORM = 'application/x-www-form-urlencoded';

const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${test.url}${path}`, {
    method: 'POST',
    headers: { Authorization: 'Bearer sk_test_1234567890abcdef', 'Content-Type': FORM, ...headers },
    body,
  });

/** What the server says to these bytes, first line only. */
function answerTo(bytes: string): Promise<string> {
  const { hostname, port } = new URL(test.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let said = '';
    socket.on('data', (data) => (said += String(data)));
    socket.on('close', () => resolve(said.split('\r\n')[0] ?? ''));
    socket.on('error', reject);
  });
}

describe('a form', () => {
  it('of a hundred thousand list elements is read at once, in whatever order they come', async () => {
    const bare = Array.from({ length: 100_000 }, () => 'a[]=1').join('&');
    expect(await (await post('/v1/products', `name=x&${bare}`)).json()).toMatchObject({
      error: { code: 'parameter_unknown', param: 'a' },
    });
    const mixed = 'name=x&images[5]=http://x.test/5&images[2]=http://x.test/2&images[]=http://x.test/6';
    expect(await (await post('/v1/products', mixed)).json()).toMatchObject({
      images: ['http://x.test/2', 'http://x.test/5', 'http://x.test/6'],
    });
  });

  it('nested too deeply is refused', async () => {
    for (const step of ['[a]', '[0]', '[]']) {
      const response = await post('/v1/customers', `metadata${step.repeat(20_000)}=1`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    }
  });

  it('is read whatever the case of its type; the query of a POST counts, and a key is bound to it', async () => {
    const headers = {
      'Content-Type': 'Application/X-WWW-Form-URLEncoded; charset=UTF-8',
      'Idempotency-Key': 'q',
    };
    const made = await post('/v1/customers?name=Ann&description=q', 'description=b', headers);
    expect(await made.json()).toMatchObject({ name: 'Ann', description: 'b' });
    const other = await post('/v1/customers?name=Bob&description=q', 'description=b', headers);
    expect(await other.json()).toMatchObject({ error: { type: 'idempotency_error' } });
  });

  it('may not be larger than ten megabytes', async () => {
    const response = await post('/v1/customers', `name=${'x'.repeat(10 * 1024 * 1024)}`);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('has no parameter without a name', async () => {
    expect((await post('/v1/customers', '=b&&name=Ann&')).status).toBe(200);
  });
});

describe('an address', () => {
  it('has its ids escaped, as the SDK writes them', async () => {
    const { id } = await test.stripe.products.create({ id: 'pack of 100/ü', name: 'Pack' });
    expect(await test.stripe.products.retrieve(id)).toMatchObject({ id });
    const lone = await refusalOf(test.stripe.rawRequest('GET', '/v1/products/%zz'));
    expect(lone).toMatchObject({ statusCode: 404, message: "No such product: '%zz'" });
  });

  it.each([
    'GET // HTTP/1.1\r\nHost: x',
    'GET /v1/products HTTP/1.1\r\nHost: a b',
    'GET /panel HTTP/1.1\r\nHost: [',
    'OPTIONS * HTTP/1.1\r\nHost: x',
    'GET http://[ HTTP/1.1\r\nHost: x',
  ])('%j is answered, not failed at', async (request) => {
    expect(await answerTo(`${request}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  it('names no property of every object as one to expand', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const refusal = await refusalOf(test.stripe.customers.list({ expand: [`data.${name}`] }));
      expect(refusal.message).toBe(`This property cannot be expanded (data.${name}).`);
    }
  });
});
