import { ENDPOINT, EVENTS_EACH, HEX, REALM } from './console-shape';

interface Desk {
  payments: number;
  customers: number;
  /** When the n-th payment was begun, its currency, and whether it is one of a few, in SQL over `n`. */
  at: string;
  currency: string;
  few: (rest: number) => string;
}

const DISPUTED = 100;

/** What staff, the product and Stripe's API leave beside payments: asked, told, refunded, disputed, replayed, noted. */
export function deskRows(desk: Desk): string[] {
  return [...people(desk), ...moneyBacks(desk), ...work(desk), ...told(desk)];
}

const all = ({ payments }: Desk) => `generate_series(0, ${payments - 1}) n`;
const customerOf = ({ customers }: Desk) => `'cst_' || ${HEX(`n % ${customers}`)}`;

/** Staff, customers at Stripe, plans, notes, and holds that ended. */
function people({ customers, at }: Desk): string[] {
  const each = `generate_series(0, ${customers - 1}) n`;
  return [
    `INSERT INTO "user" (id, email, name, role, password_hash)
      SELECT 'usr_' || n, 'staff' || n || '@team.example', 'Staff ' || n, 'support', '' FROM generate_series(0, 19) n`,
    `INSERT INTO stripe_customer (customer, realm, stripe_id) SELECT 'cst_' || ${HEX('n')}, '${REALM}', 'cus_' || ${HEX('n')} FROM ${each}`,
    `INSERT INTO subscription (id, realm, customer, stripe_id, status, stripe_price, stripe_item, currency, period_start, period_end, started_at, read_at)
      SELECT 'sbs_' || ${HEX('n')}, '${REALM}', 'cst_' || ${HEX('n')}, 'sub_' || ${HEX('n')}, 'active', 'price_plan', 'si_' || n, 'usd',
        ${at}, ${at} + interval '30 days', ${at}, ${at} FROM ${each} WHERE n % 10 = 3`,
    `INSERT INTO staff_note (id, customer, author, text, created_at)
      SELECT 'not_' || ${HEX('n')}, 'cst_' || ${HEX('n')}, 'usr_' || n % 20, 'Asked for an invoice.', ${at} FROM ${each}`,
    `INSERT INTO hold (id, wallet, amount, state, expires_at, created_at, seal)
      SELECT 'hld_' || ${HEX('n')}, 'wal_' || ${HEX('n')}, 10, 'released', ${at} + interval '1 hour', ${at}, '\\x00' FROM ${each}`,
  ];
}

/** One payment in fifty is refunded, one in a hundred disputed; the latest disputes wait for an answer. */
function moneyBacks(desk: Desk): string[] {
  const { payments, at, currency } = desk;
  const columns = `id, payment, realm, kind, stripe_id, status, rank, level, amount, taken, currency, reason, created_at, updated_at`;
  const isOpen = `n >= ${payments - 60 * DISPUTED}`;
  return [
    `INSERT INTO money_back (${columns})
      SELECT 'mbk_' || ${HEX('n')}, 'pay_' || ${HEX('n')}, '${REALM}', 'refund', 're_' || ${HEX('n')}, 'succeeded', 5, 'gone', 100, 100, ${currency},
        'goodwill', ${at}, ${at} FROM ${all(desk)} WHERE n % 50 = 1`,
    `INSERT INTO money_back (${columns}, due_by)
      SELECT 'mbk_' || ${HEX('n')}, 'pay_' || ${HEX('n')}, '${REALM}', 'dispute', 'du_' || ${HEX('n')},
        CASE WHEN ${isOpen} THEN 'needs_response' ELSE 'lost' END, 3, CASE WHEN ${isOpen} THEN 'pending'::money_back_level ELSE 'gone' END,
        100, 100, ${currency}, 'fraudulent', ${at}, ${at}, CASE WHEN ${isOpen} THEN now() ELSE ${at} END + interval '10 days' FROM ${all(desk)} WHERE n % ${DISPUTED} = 6`,
    `INSERT INTO money_back_change (money_back, n, "to", rank, level, taken, cause, at)
      SELECT id, 1, status, rank, level, taken, 'event:evt_' || substr(id, 5), created_at FROM money_back`,
    `INSERT INTO claim (payment, wallet, granted, t_gone, t_all, shortfall)
      SELECT m.payment, 'wal_' || substr(p.customer, 5), p.credits, 20, 20, 20 FROM money_back m JOIN payment p ON p.id = m.payment`,
  ];
}

/** Requests for a second person, findings, replays of sixty events each, and all writes to Stripe. */
function work(desk: Desk): string[] {
  const { payments, at, few } = desk;
  const isOpen = `n >= ${payments - 60 * DISPUTED}`;
  const replays = `generate_series(0, ${payments - 1}, ${payments / 100}) n`;
  const event = `'evt_' || ${HEX(`((n + i) % ${payments}) * ${EVENTS_EACH}`)}`;
  return [
    `INSERT INTO approval (id, book, act, subject, customer, unit, amount, body, preview, reason, comment, requester, role, state, wallet_seq, approver,
        created_at, expires_at, closed_at)
      SELECT 'apr_' || ${HEX('n')}, 'test', 'refund', 'pay_' || ${HEX('n')}, ${customerOf(desk)}, 'usd', 9000, '{}', '{}', 'goodwill', 'Please look.', 'usr_1',
        'support', CASE WHEN ${isOpen} THEN 'open'::approval_state ELSE 'executed' END, CASE WHEN ${isOpen} THEN NULL ELSE 1 END,
        CASE WHEN ${isOpen} THEN NULL ELSE 'usr_2' END, ${at}, now() + interval '7 days', CASE WHEN ${isOpen} THEN NULL ELSE ${at} END
      FROM ${all(desk)} WHERE n % ${DISPUTED} = 4`,
    `INSERT INTO finding (id, realm, kind, subject, detail, cause, created_at)
      SELECT 'fnd_' || ${HEX('n')}, '${REALM}', 'second_subscription', 'sub_' || n, 'Two plans go on.', 'event:evt_bench', ${at} FROM ${all(desk)} WHERE ${few(11)}`,
    `INSERT INTO replay (id, realm, actor, reason, selection, dry_run, state, total, done, created_at, ended_at)
      SELECT 'rpl_' || ${HEX('n')}, '${REALM}', 'usr_1', 'fixed', '{"ids":[]}', n % ${payments / 50} <> 0, 'done', 60, 60, ${at}, ${at} FROM ${replays}`,
    `INSERT INTO replay_item (replay, event, realm, run_before, predicted, predicted_code)
      SELECT 'rpl_' || ${HEX('n')}, ${event}, '${REALM}', 0, 'done', 'applied' FROM ${replays}, generate_series(0, 59) i`,
    `INSERT INTO stripe_call (id, realm, kind, purpose, attempt, key, body, state, sends, first_sent_at, last_sent_at, ended_at, object_id, http_status, request_id, created_at)
      SELECT 'scl_' || ${HEX('n')}, '${REALM}', 'checkout_session.create', 'pay_' || ${HEX('n')}, 1, 'pay_' || ${HEX('n')} || '.1', '{"mode":"payment"}',
        CASE WHEN ${few(19)} THEN 'open'::stripe_call_state ELSE 'succeeded' END, 1, ${at}, ${at}, CASE WHEN ${few(19)} THEN NULL ELSE ${at} END,
        'cs_test_' || ${HEX('n')}, 200, 'req_' || ${HEX('n')}, ${at} FROM ${all(desk)}`,
    `INSERT INTO mail (id, cause, kind, recipient, subject, text, html, state, created_at, sent_at)
      SELECT 'mail_' || ${HEX('n')}, 'payment:pay_' || ${HEX('n')}, 'receipt', 'customer' || n || '@mail.example', 'Your credits', '', '', 'sent', ${at}, ${at}
      FROM ${all(desk)} WHERE n % 10 < 9`,
  ];
}

/** Each payment that settled is told to one endpoint. */
function told(desk: Desk): string[] {
  const { at, few } = desk;
  const settled = `FROM ${all(desk)} WHERE n % 10 < 9`;
  const ended = `CASE WHEN ${few(28)} THEN NULL ELSE ${at} END`;
  return [
    `INSERT INTO endpoint (id, book, url, description, types) VALUES ('${ENDPOINT}', 'test', 'https://product.example/hooks', 'The product', '{}')`,
    `INSERT INTO message (id, book, type, customer, cause, data, at)
      SELECT 'msg_' || ${HEX('n')}, 'test', 'payment.settled', ${customerOf(desk)}, 'pay_' || ${HEX('n')}, '{"credits":1000}', ${at} ${settled}`,
    `INSERT INTO sending (id, message, endpoint, state, tries, created_at, due_at, ended_at)
      SELECT 'snd_' || ${HEX('n')}, 'msg_' || ${HEX('n')}, '${ENDPOINT}',
        CASE WHEN ${few(8)} THEN 'failed'::sending_state WHEN ${few(28)} THEN 'pending' ELSE 'sent' END, 1, ${at}, ${at}, ${ended} ${settled}`,
    `INSERT INTO sending_try (sending, n, at, ms, status) SELECT 'snd_' || ${HEX('n')}, 1, ${at}, 20, CASE WHEN ${few(8)} THEN 500 ELSE 200 END ${settled}`,
  ];
}
