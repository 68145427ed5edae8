import { beforeAll, describe, expect, it } from 'vitest';

import { grant } from '~/modules/ledger/index.server';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { exportPayments } from './export-payments.server';
import { listPayments, paymentFilters } from './list-payments.server';
import { searchPayments } from './search-payments.server';
import {
  makeCustomer,
  makeDelivery,
  makeEvent,
  makePayment,
  makeRealm,
  paid,
  realmRef,
} from './testing/console-data';

/** More values of a parameter than a page offers. */
const many = (name: string) => Array.from({ length: 8 }, (_, n) => `&${name}=other${n}`).join('');

const NOON = new Date('2026-11-21T12:00:00Z');
const FIRST = { direction: 'first' } as const;

describe('filters and search of payments', () => {
  const test = useTestDatabase();
  let realmId = '';
  let other = '';
  const ids = { lot: '', transfer: '', wallet: '', request: '' };

  const found = async (query: string) => {
    const filters = paymentFilters(
      new URLSearchParams(query),
      [realmRef(realmId), realmRef(other, 'live')],
      realmId,
    );
    const view = await listPayments(test.db, filters, FIRST);
    expect(view.count).toEqual({ n: view.rows.length, isExact: true });
    return view.rows.map((row) => row.id).sort();
  };

  beforeAll(async () => {
    const { db } = test;
    realmId = await makeRealm(db);
    other = await makeRealm(db, 'live');
    await db.user.create({ data: { id: 'usr_ann', email: 'ann@log.in', name: 'Ann', passwordHash: 'x' } });
    const ann = await makeCustomer(db, {
      id: 'cst_ann',
      email: 'ann_100%@example.test',
      name: 'Ann Lee',
      userId: 'usr_ann',
    });
    const bob = await makeCustomer(db, {
      id: 'cst_bob',
      email: 'bob@example.test',
      name: 'Bo Diddley',
      externalId: 'shop-7',
    });
    await db.stripeCustomer.create({ data: { customerId: bob, realmId, stripeId: 'cus_bob' } });
    await makePayment(db, {
      id: 'pay_a',
      realmId,
      customerId: ann,
      ...paid(NOON),
      amountPaid: 2000n,
      stripeSession: 'cs_a',
      card: 'visa •••• 4242',
      createdAt: NOON,
    });
    await makePayment(db, {
      id: 'pay_b',
      realmId,
      customerId: bob,
      ...paid(new Date('2026-11-20T23:59:59.999Z')),
      stripeIntent: 'pi_b',
      stripeCharge: 'ch_b',
      stripeInvoice: 'in_b',
      card: 'mastercard •••• 4444',
      createdAt: new Date('2026-11-19T00:00:00Z'),
    });
    const late = new Date('2026-11-22T00:00:00Z');
    await makePayment(db, { id: 'pay_c', realmId, customerId: ann, state: 'open', createdAt: late });
    await makePayment(db, {
      id: 'pay_yen',
      realmId,
      customerId: bob,
      currency: 'jpy',
      amountSubtotal: 20n,
      kind: 'topup',
      state: 'review',
      reviewReason: 'paid_twice',
      createdAt: late,
    });
    await makePayment(db, {
      id: 'pay_d',
      realmId: other,
      customerId: ann,
      stripeSession: 'cs_d',
      state: 'open',
    });
    const granted = await inTransaction(db, 'grant', (tx) =>
      grant(tx, {
        book: 'test',
        customerId: bob,
        key: 'grant:pay_b',
        amount: 500n,
        lotKind: 'pack',
        expiresAt: null,
        paymentId: 'pay_b',
        paidMinor: 500n,
        currency: 'usd',
        actor: 'event:evt_b',
        occurredAt: NOON,
      }),
    );
    if (granted.outcome !== 'granted') throw new Error(granted.outcome);
    Object.assign(ids, { lot: granted.lotId, transfer: granted.transferId, wallet: granted.walletId });
    ids.request = newId('req', NOON.getTime());
    await makeEvent(db, { realmId, id: 'evt_b', objectId: 'pi_b' });
    await makeEvent(db, { realmId, id: 'evt_cause', objectId: 'sub_1' });
    await makeEvent(db, { realmId, id: 'evt_effect', objectId: null });
    await makeDelivery(db, { verdict: 'first', realmId, eventId: 'evt_b', requestId: ids.request, at: NOON });
    await db.paymentChange.create({
      data: { paymentId: 'pay_a', n: 1, to: 'created', reason: 'renewed', cause: 'event:evt_cause' },
    });
    await db.attempt.create({
      data: {
        realmId,
        eventId: 'evt_effect',
        run: 1,
        n: 1,
        startedAt: NOON,
        endedAt: NOON,
        outcome: 'done',
        effects: ['pay_c'],
      },
    });
    await db.stripeCall.create({
      data: {
        id: 'scl_1',
        realmId,
        kind: 'checkout_session.create',
        purpose: 'pay_c',
        key: 'pay_c.1',
        body: {},
        requestId: 'req_StripeSaysSo1',
      },
    });
    await db.moneyBack.create({
      data: {
        id: 'mbk_1',
        paymentId: 'pay_b',
        realmId,
        kind: 'refund',
        stripeId: 're_1',
        status: 'succeeded',
        level: 'gone',
        amount: 100n,
        taken: 100n,
        currency: 'usd',
      },
    });
  });

  it.each([
    ['state=paid', ['pay_a', 'pay_b']],
    ['state=paid&state=open', ['pay_a', 'pay_b', 'pay_c']],
    ['state=never-heard-of', ['pay_a', 'pay_b', 'pay_c', 'pay_yen']],
    ['settled=2026-11-21', ['pay_a']],
    ['settled=2026-11-20&settledUntil=2026-11-20', ['pay_b']],
    ['settled=2026-11-21&state=open', []],
    ['since=2026-11-19&until=2026-11-21', ['pay_a', 'pay_b']],
    ['until=2026-11-18', []],
    ['currency=jpy', ['pay_yen']],
    ['currency=jpy&currency=usd&state=open', ['pay_c']],
    ['kind=topup', ['pay_yen']],
    ['kind=topup&kind=pack&state=paid', ['pay_a', 'pay_b']],
    ['reason=paid_twice', ['pay_yen']],
    ['min=20', ['pay_a', 'pay_yen']],
    ['min=5&max=19.99', ['pay_b', 'pay_c']],
    ['max=ten', ['pay_a', 'pay_b', 'pay_c', 'pay_yen']],
    ['max=1,000,000,000,000,000,000,000', ['pay_a', 'pay_b', 'pay_c', 'pay_yen']],
    ['since=0000-01-01', ['pay_a', 'pay_b', 'pay_c', 'pay_yen']],
    ['q=%00', ['pay_a', 'pay_b', 'pay_c', 'pay_yen']],
    ['q=bo%00b%40', ['pay_b', 'pay_yen']],
    [
      `state=review&state=paid&reason=paid_twice${many('reason')}&currency=jpy${many('currency')}`,
      ['pay_yen'],
    ],
    [`state=paid&state=open&kind=pack&q=ann&currency=usd${many('currency')}${many('reason')}`, []],
  ])('the filter %s finds exactly its payments', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it.each([
    ['part of an e-mail, in any case', 'EXAMPLE.test', ['pay_a', 'pay_b', 'pay_c', 'pay_yen']],
    ['a name', 'ann l', ['pay_a', 'pay_c']],
    ['the two letters that a name begins with', 'bo', ['pay_b', 'pay_yen']],
    ['a percent sign, as it stands', '100%', ['pay_a', 'pay_c']],
    ['no wildcard', 'b%b', []],
    ['no placeholder', 'ann__00', []],
    ["the product's id", 'shop-7', ['pay_b', 'pay_yen']],
    ['a customer', 'cst_bob', ['pay_b', 'pay_yen']],
    ['a log-in', 'usr_ann', ['pay_a', 'pay_c', 'pay_d']],
    ['a Stripe customer', 'cus_bob', ['pay_b', 'pay_yen']],
    ['a payment', 'pay_c', ['pay_c']],
    ['a session', 'cs_a', ['pay_a']],
    ['a session of another realm', 'cs_d', ['pay_d']],
    ['an intent', 'pi_b', ['pay_b']],
    ['a charge', 'ch_b', ['pay_b']],
    ['an invoice', 'in_b', ['pay_b']],
    ['a refund', 're_1', ['pay_b']],
    ['our refund', 'mbk_1', ['pay_b']],
    ['an event by its object', 'evt_b', ['pay_b']],
    ['an event that a change names', 'evt_cause', ['pay_a']],
    ['an event by what it changed', 'evt_effect', ['pay_c']],
    ['a call', 'scl_1', ['pay_c']],
    ["Stripe's request", 'req_StripeSaysSo1', ['pay_c']],
    ['an unknown id', 'pi_unknown', []],
    ['an unknown event', 'evt_unknown', []],
    ['an amount', '20', ['pay_a', 'pay_yen']],
    ['an amount with its sign', '$20.00', ['pay_a']],
    ['an amount with its currency', '20 jpy', ['pay_yen']],
    ['an amount that nobody paid', '77', []],
    ['the last digits of a card', '4242', ['pay_a']],
    ['a card as it is written', 'visa •••• 4242', ['pay_a']],
    ['something else', 'nobody', []],
  ])('a search finds a payment by %s', async (_what, text, expected) => {
    expect(await found(new URLSearchParams({ q: text }).toString())).toEqual(expected);
  });

  it.each(['lot', 'transfer', 'wallet', 'request'] as const)(
    'a search finds a payment by its %s',
    async (what) => {
      const expected = what === 'wallet' ? ['pay_b', 'pay_yen'] : ['pay_b'];
      expect(await found(`q=${ids[what]}`)).toEqual(expected);
    },
  );

  it('a search and filters narrow each other', async () => {
    expect(await found('q=ann&state=open')).toEqual(['pay_c']);
    expect(await found('q=pay_c&state=paid')).toEqual([]);
  });

  it('words that only customers without payments share are not looked for in the list', async () => {
    await test.db.$executeRaw`
      INSERT INTO customer (id, email) SELECT 'cst_quiet' || n, 'quiet' || n || '@window.test' FROM generate_series(1, 2001) n`;
    await makePayment(test.db, { realmId: other, customerId: 'cst_quiet1' });
    // No condition: the list is not read at all.
    const search = await searchPayments(test.db, 'window', [realmId], [realmId, other]);
    expect(search).toEqual({ kind: 'words', conditions: [] });
    expect(await found('q=window')).toEqual([]);
  });

  it('words find payments of the listed realms only; a former realm is listed when it is asked for', async () => {
    expect(await found('q=ann')).not.toContain('pay_d');
    expect(await found(`q=ann&realm=${other}`)).toEqual(['pay_d']);
    expect(await found(`q=ann&realm=${other}&realm=${realmId}`)).toEqual(['pay_a', 'pay_c', 'pay_d']);
    expect(await found('realm=rlm_unknown&state=open')).toEqual(['pay_c']);
  });
});

describe('the export of payments', () => {
  const test = useTestDatabase();
  let realmId = '';

  beforeAll(async () => {
    realmId = await makeRealm(test.db);
    const customerId = await makeCustomer(test.db, {
      email: '=HYPERLINK("http://evil")',
      name: 'Lee, "Ann"\n+1',
    });
    await test.db.$executeRaw`
      INSERT INTO payment (id, realm, customer, kind, credits, currency, amount_subtotal, created_at)
      SELECT 'pay_' || lpad(n::text, 6, '0'), ${realmId}, ${customerId}, 'pack', 500, CASE WHEN n % 2 = 0 THEN 'usd' ELSE 'jpy' END, 1050,
        ${NOON}::timestamptz + (n / 3) * interval '1 microsecond'
      FROM generate_series(1, 2500) n`;
  });

  const read = async (query: string) => {
    const filters = paymentFilters(new URLSearchParams(query), [realmRef(realmId)], realmId);
    const { signal } = new AbortController();
    const text = await new Response(exportPayments(test.db, filters, signal)).text();
    expect(text.endsWith('\r\n')).toBe(true);
    return text.split('\r\n').slice(0, -1);
  };

  it('holds every row of the filtered list once, beyond any page', async () => {
    const [head, ...lines] = await read('');
    expect(head).toMatch(/^payment,created_at,settled_at,state,/);
    expect(lines).toHaveLength(2500);
    const ids = lines.map((line) => line.slice(0, 10));
    expect(new Set(ids).size).toBe(2500);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(await read('currency=jpy')).toHaveLength(1251);
    expect(await read('q=nobody')).toHaveLength(1);
  });

  it('writes amounts in whole units of their currency, and no cell that a spreadsheet would run', async () => {
    const [line = ''] = (await read('q=pay_000002')).slice(1);
    expect(line).toContain(',usd,10.50,');
    expect(line).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(line).toContain('"Lee, ""Ann""\n+1"');
    const [yen = ''] = (await read('q=pay_000003')).slice(1);
    expect(yen).toContain(',jpy,1050,');
  });

  it('stops reading when whoever asked goes away, though Remix takes on what is left', async () => {
    const filters = paymentFilters(new URLSearchParams(), [realmRef(realmId)], realmId);
    const client = new AbortController();
    const reader = exportPayments(test.db, filters, client.signal).getReader();
    await reader.read();
    client.abort();
    let bytes = 0;
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
      bytes += chunk.value.length;
    const whole = (await read('')).join('\r\n').length;
    expect(bytes).toBeLessThan(whole / 2);
  });
});
