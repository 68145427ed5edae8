import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';

import { type Asked, type Reply, serve } from '../../../e2e/support/serve';
import { useFreshDatabase } from '../../../e2e/support/test-database';
import { sendQueuedMail } from '~/modules/mail/index.server';
import { inTransaction } from '~/platform/db.server';
import { minutes } from '~/platform/time';

import { sandboxMailer } from '../mail/mailer.server';
import { setAlertChannel } from './set-channel.server';
import { sendAlertNotice } from './send-notice.server';
import { APP_URL, HERE, watchedOf } from './testing/watched';
import { watchAlone } from './watch-alone.server';

/** What leaves the house: over real HTTP, to a receiver and a mail page on this machine. */
const database = useFreshDatabase();
const watched = watchedOf(() => database.db);
const { evaluate, sql } = watched;
const posts: Asked[] = [];
let answer: Reply = { status: 204 };
let closing: (() => void)[] = [];
let secret = '';
let page = '';
let mailPage = '';

beforeEach(async () => {
  posts.length = 0;
  answer = { status: 204 };
  const server = await serve((asked) => {
    posts.push(asked);
    return answer;
  });
  closing.push(() => server.close());
  page = `${server.url}/alerts`;
  mailPage = `${server.url}/mail`;
  await watched.admin();
  const by = { actor: 'usr_admin', reason: 'planned', comment: 'tested' };
  const set = await inTransaction(database.db, 'channel', (tx) =>
    setAlertChannel(tx, { mailTo: [], webhookUrl: page }, HERE, by),
  );
  secret = set.outcome === 'set' ? (set.secret ?? '') : '';
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  closing = [];
});

const onlyNotice = async () =>
  database.db.alertNotice.findFirstOrThrow({
    select: { id: true, state: true, tries: true, lastError: true },
  });
const body = z.object({
  type: z.string(),
  text: z.string(),
  alert: z.object({
    id: z.string(),
    kind: z.string(),
    severity: z.string(),
    url: z.string(),
    todo: z.string(),
  }),
});

describe('a notice', () => {
  beforeEach(async () => {
    const realm = await watched.realm();
    await watched.workerLives();
    await watched.event(realm.id, { status: 'dead', reason: 'schema' });
    await evaluate();
  });

  it('is posted once, signed, with a text that Slack shows and the page that shows it', async () => {
    const { id } = await onlyNotice();
    expect(await sendAlertNotice(database.db, id, HERE)).toEqual({ outcome: 'sent' });
    expect(await sendAlertNotice(database.db, id, HERE)).toEqual({ outcome: 'not_queued' });
    expect(posts).toHaveLength(1);
    const [post] = posts;
    const headers = Object.fromEntries(post?.headers.entries() ?? []);
    const said = body.parse(new Webhook(secret).verify(post?.body.toString() ?? '', headers));
    expect(said).toMatchObject({ type: 'alert.raised', alert: { kind: 'event_dead', severity: 'critical' } });
    expect(said.alert.url).toBe(`${APP_URL}/admin/dead-letters?status=dead`);
    expect(said.text).toMatch(/^\[Critical\] Events died: 1 event of rlm_\w+ died of schema\./);
    expect(headers['webhook-id']).toBe(id);
    expect(await onlyNotice()).toMatchObject({ state: 'sent', tries: 1, lastError: null });
  });

  it('that is not taken is tried again by its job, and given up after fourteen tries', async () => {
    answer = { status: 503 };
    const { id } = await onlyNotice();
    await expect(sendAlertNotice(database.db, id, HERE)).rejects.toThrow('answered 503');
    expect(await onlyNotice()).toMatchObject({ state: 'queued', tries: 1, lastError: 'answered 503' });
    await sql(`UPDATE alert_notice SET tries = 13`);
    expect(await sendAlertNotice(database.db, id, HERE)).toEqual({ outcome: 'failed' });
    expect(await onlyNotice()).toMatchObject({ state: 'failed', tries: 14 });
  });

  it('is posted to no address that the rules forbid, whatever was set before', async () => {
    const { id } = await onlyNotice();
    const strict = { allowHttp: false, allowedHosts: [] };
    await expect(sendAlertNotice(database.db, id, strict)).rejects.toThrow('address_not_allowed');
    expect(posts).toEqual([]);
  });

  it('has a job of its own', async () => {
    const { id } = await onlyNotice();
    const { rows } = await sql(
      `SELECT key FROM graphile_worker._private_jobs WHERE key LIKE 'alerts.send:%'`,
    );
    expect(rows).toEqual([{ key: `alerts.send:${id}` }]);
  });
});

describe('a web process', () => {
  const sendMail: typeof sendQueuedMail = (db, id) =>
    sendQueuedMail(db, id, sandboxMailer(mailPage, 'Credence <credits@example.com>'));
  const watch = () => watchAlone({ db: database.db, appUrl: APP_URL, rules: HERE, sendMail }, watched.now());
  it('tries what is not taken again after longer and longer pauses, not at each look', async () => {
    await watched.workerLives();
    await watched.workerDies();
    await watch();
    watched.pass(minutes(1));
    answer = { status: 503 };
    const tries = async () => {
      const [mail] = await database.db.mail.findMany({ select: { tries: true }, take: 2 });
      return [mail?.tries, (await onlyNotice()).tries];
    };
    for (let looks = 0; looks < 15; looks += 1) await watch();
    expect(await tries()).toEqual([1, 1]);
    for (const table of ['mail', 'alert_notice'])
      await sql(`UPDATE ${table} SET created_at = created_at - interval '31 seconds'`);
    for (let looks = 0; looks < 15; looks += 1) await watch();
    expect(await tries()).toEqual([2, 2]);
    answer = { status: 204 };
    expect(await watch()).toEqual({ outcome: 'done', sent: 0 });
    for (const table of ['mail', 'alert_notice'])
      await sql(`UPDATE ${table} SET created_at = created_at - interval '30 seconds'`);
    expect(await watch()).toEqual({ outcome: 'done', sent: 2 });
  });

  const mailsHeard = () => posts.filter(({ url }) => url.pathname === '/mail');

  it('leaves alerts to the workers while one lives', async () => {
    await watched.workerLives();
    expect(await watch()).toEqual({ outcome: 'worked' });
    expect(await database.db.alert.count()).toBe(0);
  });

  it('tells by mail and webhook that no worker lives, without one, and of several one does', async () => {
    await watched.workerLives();
    await watched.workerDies();
    expect(await watch()).toEqual({ outcome: 'done', sent: 0 });
    watched.pass(minutes(1));
    const outcomes = await Promise.all([watch(), watch(), watch()]);
    expect(outcomes).toContainEqual({ outcome: 'done', sent: 2 });
    await watch();
    expect(mailsHeard()).toHaveLength(1);
    expect(posts.filter(({ url }) => url.pathname === '/alerts')).toHaveLength(1);
    expect(await watched.told('worker_down')).toEqual({ mails: ['raised'], notices: ['raised'] });
    expect(await database.db.mail.count({ where: { state: 'sent' } })).toBe(1);
    await watched.workerLives();
    expect(await watch()).toEqual({ outcome: 'worked' });
    await watched.clear();
    expect((await watched.told('worker_down')).mails).toEqual(['raised', 'resolved']);
  });
});
