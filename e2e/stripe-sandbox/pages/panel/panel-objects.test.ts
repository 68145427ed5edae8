import { afterEach, beforeEach, expect, it } from 'vitest';
import { PACK, PAYER, startUnderTest, until, type UnderTest } from '../../testing/under-test';

let sandbox: UnderTest;
beforeEach(async () => {
  sandbox = await startUnderTest();
});
afterEach(() => sandbox.stop());

const open = (path: string): Promise<Response> => fetch(`${sandbox.url}${path}`, { redirect: 'manual' });
const textOf = async (path: string): Promise<string> => (await open(path)).text();

async function eventId(type: string): Promise<string> {
  const event = await until(async () => (await sandbox.stripe.events.list({ type })).data[0]);
  return event.id;
}

async function pay() {
  const customer = await sandbox.stripe.customers.create({ email: 'jenny@example.com' });
  const session = await sandbox.stripe.checkout.sessions.create({ ...PACK, customer: customer.id });
  await sandbox.sandbox.checkout.pay(session.id, PAYER);
  const { data } = await sandbox.stripe.charges.list({ customer: customer.id });
  const [charge] = data;
  if (!charge) throw new Error('The session was not paid.');
  return { customer, session, charge };
}

it('any id that is pasted opens its object, with what belongs to it and what was said of it', async () => {
  const { customer, session, charge } = await pay();
  const found = await open(`/panel/search?q=%20${charge.id}%20`);
  expect(found.headers.get('location')).toBe(`/panel/objects/${charge.id}`);
  expect((await open(`/panel/search?q=${session.id}`)).headers.get('location')).toBe(
    `/panel/sessions/${session.id}`,
  );
  const page = await textOf(`/panel/objects/${charge.id}`);
  expect(page).toContain(await eventId('charge.succeeded'));
  const owner = await textOf(`/panel/objects/${customer.id}`);
  for (const id of [session.id, charge.id]) expect(owner).toContain(id);
  expect(owner).toContain(await eventId('customer.created'));
});

it('a customer is found by the e-mail, an event type leads to its events', async () => {
  const { customer } = await pay();
  expect(await textOf('/panel/search?q=JENNY@example')).toContain(`/panel/objects/${customer.id}`);
  const types = await open('/panel/search?q=charge.succeeded');
  expect(types.headers.get('location')).toBe('/panel/events?type=charge.succeeded');
});

it('what is no id of this mode is said so', async () => {
  const nothing = await open('/panel/search?q=cus_elsewhere');
  expect(nothing.status).toBe(404);
  expect(await nothing.text()).toContain('Nothing has the id or the name cus_elsewhere');
  expect((await open('/panel/objects/unknown_kind')).status).toBe(404);
});

it('every kind has its list and its count', async () => {
  await pay();
  const kinds = await textOf('/panel/objects');
  expect(kinds).toMatch(/href="\/panel\/objects\/charges">charges<\/a>\s*<span class="count">1</);
  const paths = [...kinds.matchAll(/href="(\/panel\/objects\/[a-z_]+)"/g)].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(15);
  for (const path of paths) expect((await open(path)).status).toBe(200);
});

it('a payment page tells of its charge and its session too', async () => {
  const { charge } = await pay();
  const page = await textOf(`/panel/payments/${String(charge.payment_intent)}`);
  for (const type of ['charge.succeeded', 'checkout.session.completed', 'payment_intent.succeeded'])
    expect(page).toContain(await eventId(type));
});

it('events are filtered by their type, page after page', async () => {
  await pay();
  const page = await textOf('/panel/events?type=charge.succeeded');
  expect(page).toContain(await eventId('charge.succeeded'));
  expect(page).not.toContain(await eventId('customer.created'));
});
