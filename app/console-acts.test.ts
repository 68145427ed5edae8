import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { actsOf, type ConsoleAct, sourcesOf } from './console-acts-rules';

const root = path.resolve(import.meta.dirname, '..');
const files = readdirSync(path.join(root, 'app'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.(test|d)\.tsx?$/.test(entry.name))
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
const sources = sourcesOf(files);

/** Doors that ask whose key this is: the first time they keep what Stripe says. */
const KEEPS_REALM = new Set(['consoleRealm', 'heldRealms', 'heldReader', 'settingsOf']);

/** Doors that write and leave no row in the audit, each with its reason. */
const UNAUDITED: Record<string, string> = {
  ...Object.fromEntries(
    [...KEEPS_REALM].map((door) => [
      door,
      'keeps which account of Stripe a key belongs to, which nobody decides',
    ]),
  ),
  actOnce: 'keeps the answer of the door that it is given, which writes the row',
  saveView: 'keeps a list under a name that its reader alone sees',
  removeView: 'takes such a name away from its reader',
  proveIdentity: 'moves nothing: it renews the proof of the session that asks',
};

/** Routes whose acts need no fresh proof of identity, each with its reason. */
const UNPROVEN: Record<string, string> = {
  'app/routes/admin.check-with-stripe.ts':
    'brings what stands at Stripe to its doors: nothing moves by anybody’s will',
  'app/routes/admin.customers.$customerId.notes.tsx': 'a note moves neither money nor credits nor rights',
  'app/routes/admin.health.tsx': 'that somebody looks after an alert moves nothing',
  'app/routes/admin.views.ts': 'a view is one person’s way to look at a list',
  'app/routes/admin.prove.ts': 'it is where the proof is given',
};

const acts = actsOf(sources);
const named = ({ file, door }: ConsoleAct) => `${file} ${door}`;

describe('what staff do in the console', () => {
  it('is found in the routes', () => {
    expect(acts.map(({ door }) => door)).toEqual(expect.arrayContaining(['changeRole', 'proveIdentity']));
  });

  it('leaves a row in the audit wherever it writes', () => {
    const silent = acts.filter(({ writes, audits, door }) => writes && !audits && !(door in UNAUDITED));
    expect(silent.map(named)).toEqual([]);
  });

  it('takes a fresh proof of identity wherever it writes', () => {
    const loose = acts.filter(
      ({ writes, asksProof, file, door }) =>
        writes && !asksProof && !(file in UNPROVEN) && !KEEPS_REALM.has(door),
    );
    expect(loose.map(named)).toEqual([]);
  });

  it('is shown as it was seen until the server is heard: an act sent again is then the same act', () => {
    const routes = files.filter(({ text }) => text.includes('sendAct as clientAction'));
    expect(routes.length).toBeGreaterThan(10);
    const rereads = routes.filter(
      ({ text }) =>
        /export (async )?function loader/.test(text) && !text.includes('unlessUnheard as shouldRevalidate'),
    );
    expect(rereads.map(({ file }) => file)).toEqual([]);
  });

  it('has no exception that is none', () => {
    const doors = new Set(acts.filter(({ audits, writes }) => writes && !audits).map(({ door }) => door));
    expect(Object.keys(UNAUDITED).filter((door) => !doors.has(door))).toEqual([]);
    const files = new Set(acts.filter(({ asksProof }) => !asksProof).map(({ file }) => file));
    expect(Object.keys(UNPROVEN).filter((file) => !files.has(file))).toEqual([]);
  });
});

describe('the rules see what breaks them', () => {
  const door = { file: 'app/modules/x/index.server.ts', text: `export { act } from './act.server';` };
  const route = (guard: string) => ({
    file: 'app/routes/admin.x.ts',
    text: `import { act } from '~/modules/x/index.server'; import { ${guard} } from '~/modules/auth/index.server';
      export async function action() { await ${guard}(request, 'admin'); return help(); } const help = () => act();`,
  });
  const room = (body: string) => ({
    file: 'app/modules/x/act.server.ts',
    text: `import { appendAudit } from '~/modules/audit/index.server'; export const act = (tx) => deep(tx); function deep(tx) { ${body} }`,
  });
  const of = (guard: string, body: string) => actsOf(sourcesOf([door, route(guard), room(body)]))[0];

  it('a write however deep, an audit and a proof', () => {
    expect(of('requireStaff', 'tx.user.update({})')).toMatchObject({
      writes: true,
      audits: false,
      asksProof: false,
    });
    expect(of('actingStaff', 'tx.user.update({}); appendAudit(tx, {})')).toMatchObject({
      writes: true,
      audits: true,
      asksProof: true,
    });
    expect(of('requireStaff', 'tx.user.findMany({})')).toMatchObject({ writes: false });
    expect(of('requireStaff', 'tx.$queryRaw`SELECT ledger_grant(1)`')).toMatchObject({ writes: true });
  });
});
