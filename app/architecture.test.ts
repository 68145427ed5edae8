import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { faultsOf, PUBLIC, writersOf } from './architecture-rules';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const writers = writersOf(read('prisma/schema.prisma'));

const sources = ['app', 'e2e', 'prisma'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|js|css)$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !/^(prisma\/generated|e2e\/\.output|e2e\/fixtures\/generated)\//.test(file)),
);

describe('the house', () => {
  it('keeps its floors, doors, writers, guards and sizes', { timeout: 60_000 }, () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap((file) => faultsOf({ file, text: read(file) }, writers))).toEqual([]);
  });

  it('has no name in its list of public loaders and actions that is not there', () => {
    const stale = [...PUBLIC].filter((name) => {
      const [file = '', fn = ''] = name.split(' ');
      return !sources.includes(file) || !new RegExp(`export .*\\b${fn}\\b`).test(read(file));
    });
    expect(stale).toEqual([]);
  });
});

describe('the rules see what breaks them', () => {
  const at = (file: string, text: string) =>
    faultsOf({ file: `app/${file}`, text }, writers).map((f) => f.split(': app/')[0]);
  const room = 'modules/payments/x.server.ts';
  const importOf = (specifier: string) => `import { x } from '${specifier}';`;
  const route = (name: string, body: string) => `export async function ${name}({ request }) { ${body} }`;

  it.each([
    [
      'up',
      'modules/ledger/x.server.ts',
      importOf('~/modules/payments/index.server'),
      'floor 1 imports floor 2',
    ],
    [
      'sideways',
      'modules/ledger/x.server.ts',
      importOf('../catalog/index.server'),
      'floor 1 imports floor 1',
    ],
    [
      'sideways by re-export',
      'modules/mail/x.server.ts',
      `export * from '~/modules/auth/shared';`,
      'floor 1 imports floor 1',
    ],
    [
      'up at run time',
      'platform/x.ts',
      `await import('~/modules/ledger/index.server');`,
      'platform imports no floor',
    ],
    ['past the door', room, importOf('~/modules/ledger/grant.server'), 'a room is entered by its doors'],
    [
      'past the door from a route',
      'routes/x.ts',
      importOf('~/modules/ledger/grant.server'),
      'a room is entered by its doors',
    ],
    [
      'into a room without a floor',
      'routes/x.ts',
      importOf('~/modules/helpers/index.server'),
      'app/modules/helpers has no floor',
    ],
    ['from a room without a floor', 'modules/helpers/x.ts', '', 'app/modules/helpers has no floor'],
    [
      'components from a room',
      room,
      importOf('~/components/ui/tone'),
      'rooms and platform never import components',
    ],
    [
      'a server door from a component',
      'components/x.tsx',
      importOf('~/modules/auth/index.server'),
      'components import only',
    ],
    ['env from a component', 'components/x.tsx', importOf('~/platform/env.server'), 'components import only'],
    ['e2e', 'cli/x.ts', importOf('../../e2e/support/x'), 'app never imports e2e'],
    ['the SDK', room, `import type Stripe from 'stripe';`, 'only modules/stripe imports the SDK'],
  ])('an import %s', (_name, file, text, rule) => {
    expect(at(file, text)).toEqual([expect.stringContaining(rule)]);
  });

  it.each([
    ['down', room, importOf('~/modules/ledger/index.server')],
    ['of the own room', room, importOf('./state')],
    ['of the jobs door by a peer', 'modules/mail/x.server.ts', importOf('~/modules/jobs/index.server')],
    ['of the SDK in its room', 'modules/stripe/x.server.ts', importOf('stripe')],
    ['of a label by a component', 'components/x.tsx', importOf('~/modules/payments/shared')],
    ['of e2e by a test', 'modules/ledger/x.test.ts', importOf('../../../e2e/support/test-database')],
  ])('but not an import %s', (_name, file, text) => {
    expect(at(file, text)).toEqual([]);
  });

  const inSandbox = (file: string, text: string) =>
    faultsOf({ file: `e2e/stripe-sandbox/${file}`, text }, writers);

  it.each([
    ['the app', 'engine/x.ts', importOf('~/platform/money'), 'imports nothing of this project but itself'],
    ['the app by its path', 'main.ts', importOf('../../app/platform/money'), 'but itself'],
    ['other e2e', 'pages/x.ts', `import type { X } from '../../support/x';`, 'but itself'],
    [
      'the engine from a page',
      'pages/panel/x.ts',
      importOf('../../engine/cards'),
      'pages of the sandbox never',
    ],
    [
      'a type of the engine from a page',
      'pages/x.ts',
      `import type { X } from '../engine/x';`,
      'never imports engine',
    ],
    [
      'a page from the API',
      'api/resources/x.ts',
      importOf('../../pages/html'),
      'api of the sandbox never imports pages',
    ],
    ['a desk from the engine', 'engine/x.ts', `import type { X } from '../desks/x';`, 'never imports desks'],
    [
      'more than types',
      'engine/billing/x.ts',
      importOf('../../deliveries/plan'),
      'never imports deliveries but its types',
    ],
    [
      'upwards from the store',
      'store/x.ts',
      `export type { X } from '../engine/world';`,
      'store of the sandbox never',
    ],
    ['at run time', 'store/x.ts', `await import('../api/lists');`, 'store of the sandbox never imports api'],
    [
      'the wiring',
      'pages/x.ts',
      `import type { X } from '../create-sandbox';`,
      'no folder of the sandbox imports',
    ],
    ['from a folder without arrows', 'helpers/x.ts', importOf('../engine/world'), 'has no arrows'],
  ])('in the sandbox an import of %s', (_name, file, text, rule) => {
    expect(inSandbox(file, text)).toEqual([expect.stringContaining(rule)]);
  });

  it.each([
    ['of its own folder', 'pages/panel/x.ts', importOf('../html')],
    ['of its root', 'pages/panel/x.ts', importOf('../../amounts')],
    ['of types by an arrow of types', 'engine/x.ts', `import type { X } from '../deliveries/plan';`],
    ['of anything by its wiring', 'create-sandbox.ts', importOf('./api/handle-api')],
    ['of the SDK', 'engine/x.ts', `import type Stripe from 'stripe';`],
    ['of the app by a test', 'tests/x.test.ts', importOf('~/modules/stripe/index.server')],
  ])('but in the sandbox no import %s', (_name, file, text) => {
    expect(inSandbox(file, text)).toEqual([]);
  });

  it.each([
    ['a foreign write', room, 'await tx.wallet.update({});', 'only ledger writes wallet'],
    [
      'a write from a route',
      'routes/x.ts',
      'await db().payment.updateMany({});',
      'only payments writes payment',
    ],
    [
      'a foreign raw write',
      'modules/admin/x.server.ts',
      'await db.$executeRaw`UPDATE payment SET id = 1`;',
      'only payments writes payment',
    ],
    [
      'a foreign act',
      'modules/webhooks/x.server.ts',
      'await db.$queryRaw`SELECT ledger_grant(${a})`;',
      'only ledger calls ledger_grant',
    ],
    ['raw SQL', room, 'await tx.$queryRawUnsafe("SELECT 1");', 'raw SQL stands in'],
    ['raw SQL of a pool', 'routes/x.ts', `await pool.query('SELECT 1');`, 'raw SQL stands in'],
    ['the environment', room, 'const a = process.env.HOME;', 'only platform/env and cli read process.env'],
    ['a long file', 'platform/x.ts', '\n'.repeat(401), '401 lines, at most 400'],
    ['a long page', 'routes/x.tsx', '\n'.repeat(251), '251 lines, at most 250'],
    ['a wide door', 'modules/ledger/index.server.ts', '\n'.repeat(41), '41 lines, at most 40'],
  ])('%s', (_name, file, text, rule) => {
    expect(at(file, text)).toEqual([expect.stringContaining(rule)]);
  });

  it('but neither a row lock nor a read', () => {
    expect(at(room, 'await tx.$queryRaw`SELECT 1 FROM payment WHERE id = ${id} FOR UPDATE`;')).toEqual([]);
    expect(
      at(room, 'await tx.$queryRaw`SELECT 1 FROM payment p JOIN customer USING (id) FOR UPDATE OF p`;'),
    ).toEqual([]);
    expect(at(room, 'await tx.wallet.findFirst({});')).toEqual([]);
  });

  it.each([
    [
      'routes/x.tsx',
      route('loader', 'const a = 1; await requireUser(request);'),
      'the first statement of loader is its guard',
    ],
    ['routes/x.tsx', route('loader', ''), 'the first statement of loader is its guard'],
    ['routes/x.tsx', route('action', 'await requireUser(request);'), 'an action is assertSameOrigin'],
    ['routes/x.tsx', 'export const loader = guarded(() => null);', 'loader is a plain function'],
    ['routes/x.tsx', `export { loader } from './y';`, 'loader is a plain function'],
    [
      'routes/admin.x.tsx',
      route('loader', 'await currentUser(request);'),
      'loader of the console calls requireStaff',
    ],
    [
      'routes/admin.x.tsx',
      route('action', 'assertSameOrigin(request); await act();'),
      'action of the console calls requireStaff',
    ],
  ])('a door left open in %s: %s', (file, text, rule) => {
    expect(at(file, text)).toEqual([expect.stringContaining(rule)]);
  });

  it('but no guarded loader or action', () => {
    expect(
      at('routes/x.tsx', route('loader', 'const { customerId } = await requireCustomer(request);')),
    ).toEqual([]);
    expect(
      at(
        'routes/admin.x.ts',
        route('action', 'assertSameOrigin(request); const u = await requireStaff(request);'),
      ),
    ).toEqual([]);
  });
});
