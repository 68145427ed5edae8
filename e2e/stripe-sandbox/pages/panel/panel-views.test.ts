import { describe, expect, it } from 'vitest';
import type { MailMessage, Page, PageQuery, PaymentRow, SessionRow } from '../../sandbox';
import type { DeliveryRow, EventDetail } from '../../sandbox-webhooks';
import { shortenId } from './ids';
import { jsonView } from './json-view';
import { eventView } from './panel-events';
import { mailListView, mailView } from './panel-mail';
import { paymentsView } from './panel-payments';
import { sessionsView } from './panel-sessions';

const ATTACK = '<img src=x onerror=alert(1)>';
const FIRST_PAGE = { query: new URLSearchParams() };

// why: the views are pure functions of what a desk lists; the desks themselves are tested with the engine.
function desk<T extends { id: string }>(all: readonly T[]): { list(query?: PageQuery): Page<T> } {
  return {
    list({ limit = 10, cursor } = {}) {
      const start = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
      const rows = all.slice(start, start + limit);
      return { rows, nextCursor: start + limit < all.length ? (rows.at(-1)?.id ?? null) : null };
    },
  };
}

const SESSION: SessionRow = {
  id: 'cs_test_1',
  created: 1_795_000_000,
  status: 'open',
  paymentStatus: 'unpaid',
  amount: 1000,
  currency: 'usd',
  email: null,
  description: 'Starter pack',
  paymentIntentId: null,
  customerId: null,
  isChallenged: false,
  url: 'http://127.0.0.1:4700/c/pay/cs_test_1',
};
const PAYMENT: PaymentRow = {
  id: 'pi_1',
  created: 1_795_000_000,
  status: 'succeeded',
  amount: 1000,
  currency: 'usd',
  email: 'ada@example.com',
  methodName: 'visa',
  methodLast4: '4242',
  declineMessage: null,
  amountRefunded: 0,
  amountCapturable: 0,
  customerId: null,
  chargeId: 'ch_1',
  sessionId: 'cs_test_1',
  invoiceId: null,
};
const EVENT: EventDetail = {
  id: 'evt_1',
  type: 'charge.succeeded',
  created: 1_795_000_000,
  objectId: 'ch_1',
  objectType: 'charge',
  pendingWebhooks: 1,
  requestId: null,
  idempotencyKey: null,
  apiVersion: '2026-10-28.endive',
  body: JSON.stringify({ metadata: { note: ATTACK } }, null, 2),
};
const DELIVERY: DeliveryRow = {
  id: 'del_1',
  eventId: 'evt_1',
  eventType: 'charge.succeeded',
  endpointId: 'we_1',
  url: 'http://127.0.0.1:3000/webhooks/stripe',
  attempt: 2,
  status: 'pending',
  nature: 'genuine',
  faults: [],
  responseStatus: 500,
  responseBody: ATTACK,
  atMs: 1_795_000_000_000,
  nextAttemptAtMs: Date.now() + 90_000,
};
const MAIL: MailMessage = {
  id: 'mail_1',
  from: 'Credence <no-reply@example.com>',
  to: 'ada@example.com',
  subject: ATTACK,
  text: `Hello ${ATTACK}`,
  html: `<p onclick="x">Hello</p><script>alert(1)</script><a href="http://127.0.0.1:3000/verify?t=1">Confirm</a>`,
  receivedAtMs: 1_795_000_000_000,
};

const listOf = (rows: readonly SessionRow[], query = FIRST_PAGE) =>
  sessionsView({ sessions: desk(rows) }, query).content.toString();

describe('sessions', () => {
  it('an open session links to its hosted page, a closed one does not', () => {
    const text = (row: SessionRow) => listOf([row]);
    expect(text(SESSION)).toContain('href="http://127.0.0.1:4700/c/pay/cs_test_1"');
    expect(text({ ...SESSION, status: 'expired' })).not.toContain('/c/pay/');
    expect(text({ ...SESSION, status: 'complete', paymentStatus: 'paid' })).toContain('>paid<');
    expect(text({ ...SESSION, status: 'complete', paymentStatus: 'unpaid' })).toContain('>awaiting funds<');
  });

  it('escapes the names and addresses of others', () => {
    expect(listOf([{ ...SESSION, description: ATTACK, email: ATTACK }])).not.toContain('<img');
  });

  it('leads to older rows by the last id, and back to the newest', () => {
    const many = Array.from({ length: 45 }, (_, index) => ({ ...SESSION, id: `cs_test_${index}` }));
    const first = listOf(many);
    expect(first).toContain('href="/panel/sessions?cursor=cs_test_39"');
    const older = listOf(many, { query: new URLSearchParams('cursor=cs_test_39') });
    expect(older).toContain('data-key="cs_test_44"');
    expect(older).not.toContain('Older');
    expect(older).toContain('Newest');
  });

  it('says what will appear when there is nothing', () => {
    expect(listOf([])).toContain('No sessions yet');
  });
});

it('a payment that waits for another card after a decline is called declined, with the reason', () => {
  const declined: PaymentRow = {
    ...PAYMENT,
    status: 'requires_payment_method',
    declineMessage: 'Your card has insufficient funds.',
  };
  const text = paymentsView({ payments: desk([declined]) }, FIRST_PAGE).content.toString();
  expect(text).toContain('>declined<');
  expect(text).toContain('Your card has insufficient funds.');
});

describe('an event', () => {
  const sandbox = {
    events: { find: (): EventDetail | undefined => EVENT },
    deliveries: desk([DELIVERY]),
    endpoints: { list: () => [] },
  };

  it('shows payload and answers of endpoints as text, never as markup', () => {
    const text = eventView(sandbox, 'evt_1').content.toString();
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img');
  });

  it('shows the attempts, the last answer and when the next try comes', () => {
    const text = eventView(sandbox, 'evt_1').content.toString();
    expect(text).toContain('>retrying<');
    expect(text).toContain('HTTP 500');
    expect(text).toMatch(/2 attempts, next <time[^>]*>in 1 min</);
  });

  it('that nobody knows is a 404', () => {
    const none = { ...sandbox, events: { find: () => undefined } };
    expect(eventView(none, 'evt_2').status).toBe(404);
  });
});

describe('a mail', () => {
  const mail = { list: () => [MAIL], find: () => MAIL, receive: () => MAIL };
  const text = mailView({ mail }, 'mail_1').content.toString();

  it('gives its links as real anchors', () => {
    expect(text).toContain('<a href="http://127.0.0.1:3000/verify?t=1">Confirm</a>');
  });

  it('shows its HTML only inside a frame that may not run scripts nor reach this page', () => {
    expect(text).not.toMatch(/<script|<img/);
    expect(text).toContain('srcdoc="&lt;base');
    const permissions = /\bsandbox="([^"]*)"/.exec(text)?.[1]?.split(' ') ?? ['none'];
    expect(permissions).toEqual(['allow-popups', 'allow-popups-to-escape-sandbox']);
  });

  it('has an escaped subject in the list', () => {
    expect(mailListView({ mail }).content.toString()).not.toContain('<img');
  });
});

it('JSON keeps its text exactly while keys and values are marked', () => {
  const source = JSON.stringify({ 'a"<b>': [1, -2.5, true, null, 'x: "y"'] }, null, 2);
  const marked = jsonView(source, 'Payload').toString();
  const shown = marked
    .slice(marked.indexOf('<code>') + 6, marked.indexOf('</code>'))
    .replace(/<\/?span[^>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  expect(shown).toBe(source);
  expect(marked).toContain('<span class="literal">-2.5</span>');
});

it('ids in JSON lead to what they name, secrets and other text to nothing', () => {
  const text = jsonView(
    JSON.stringify({ a: 'cus_1', b: 'pi_1_secret_2', c: 'in_use by cus_1' }),
    'J',
  ).toString();
  expect(text.match(/<a href="[^"]*"/g)).toEqual(['<a href="/panel/objects/cus_1"']);
});

it('a long id keeps its prefix and both ends', () => {
  expect(shortenId('cs_test_a1B2c3D4e5F6g7H8i9J0k1L2')).toBe('cs_test_a1B2c3…J0k1L2');
  expect(shortenId('evt_1')).toBe('evt_1');
});
