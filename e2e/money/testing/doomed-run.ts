import { reconcile } from '../../../app/modules/reconciliation/index.server';
import { closeDb, createDb } from '../../../app/platform/db.server';
import { minutes } from '../../../app/platform/time';
import { reconcilerOf } from '../../../app/worker/reconciler.server';

/**
 * `doomed-run.ts URL REALM API KEY FROM`: reconciles a realm from that moment on, or goes on with what was left of that, and
 * tells each object that it reads by itself and each page that it kept; then `ended` and how it ended.
 */
const [url = '', realmId = '', apiBase = '', secretKey = '', from = ''] = process.argv.slice(2);

const tell = (line: string) => process.stdout.write(`${line}\n`);
const db = createDb(url, 4);
const realm = await db.realm.findUniqueOrThrow({
  where: { id: realmId },
  select: { id: true, account: true, mode: true, name: true },
});
const held = { realm, settings: { secretKey, apiBase } };
// To this clock no event is on its way any more.
const pace = { now: () => new Date(Date.now() + minutes(10)), perSecond: 10_000 };
const whole = reconcilerOf(db, held, pace);
const telling: typeof whole = {
  ...whole,
  readObject: async (ref) => {
    tell(`read ${ref.id}`);
    return whole.readObject(ref);
  },
};
const outcome = await reconcile(telling, {
  ...{ plan: 'asked', actor: 'cli', waits: true, from: new Date(from) },
  onPage: ({ kind, seen }) => tell(`page ${kind} ${String(seen)}`),
});
tell(`ended ${outcome.outcome} ${outcome.runId}`);
await closeDb(db);
