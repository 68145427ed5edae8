import path from 'node:path';
import ts from 'typescript';

/** A room and the floor that it stands on. A new room is entered here, or its files break the first rule. */
const FLOORS: Record<string, number> = {
  ...{
    auth: 1,
    catalog: 1,
    clients: 1,
    stripe: 1,
    ledger: 1,
    jobs: 1,
    audit: 1,
    mail: 1,
    approvals: 1,
    findings: 1,
    notes: 1,
    pauses: 1,
    views: 1,
  },
  ...{ payments: 2, handoff: 2, adjustments: 2 },
  ...{ credits: 3, subscriptions: 3, refunds: 3, disputes: 3, offline: 3, outbox: 3, finance: 3, metrics: 3 },
  ...{ setup: 3 },
  ...{ webhooks: 4, reconciliation: 4, admin: 4, health: 4, api: 4, customers: 4, alerts: 4, incidents: 4 },
};
/** Routes, worker, cli, root and entries. */
const TOP = 5;
/** The doors on floor 1 that their peers may ask, by decisions 004 and 015: work for later, and the audit of an act. */
const PEER_DOORS = new Set(['jobs', 'mail', 'audit'].map((room) => `app/modules/${room}/index.server`));

/** Rooms whose SQL Prisma cannot say. Elsewhere only a row lock is raw. */
const RAW_SQL = new Set([
  'ledger',
  'jobs',
  'audit',
  'pauses',
  'webhooks',
  'outbox',
  'finance',
  'admin',
  'reconciliation',
  'health',
  'metrics',
  'alerts',
]);
const ROW_LOCK = /^\s*SELECT\s[^;]*\sFOR (NO KEY )?UPDATE( OF \w+)?( SKIP LOCKED)?\s*$/;
/** Functions of the migrations by prefix → the room that calls them; the reads among them are open to rooms with raw SQL. */
const SQL_FUNCTIONS: Record<string, string> = {
  ledger: 'ledger',
  audit: 'audit',
  inbox: 'webhooks',
  outbox: 'outbox',
  finance: 'finance',
  pause: 'pauses',
};
const SQL_READS = new Set(['ledger_balance']);

const GUARDS = new Set([
  ...['requireUser', 'requireCustomer', 'requireStaff'],
  ...['currentUser', 'currentVisitor', 'assertSameOrigin'],
]);
/** What lets staff in: an action that moves money asks for a fresh proof of identity too. */
const STAFF_GUARDS = { loader: new Set(['requireStaff']), action: new Set(['requireStaff', 'actingStaff']) };
/** Open to anyone by intent: file and function. All else starts with its guard. */
export const PUBLIC = new Set(
  [
    'root.tsx loader',
    ...[
      '$.tsx loader',
      '$.tsx action',
      'healthz.ts loader',
      'readyz.ts loader',
      'metrics.ts loader',
      'api.v1.openapi[.]json.ts loader',
      'api.docs.tsx loader',
    ],
    ...[
      'webhooks.stripe',
      'stripe.webhook',
      'stripe.subscription-webhook',
      'api.webhooks.stripe',
      'payments-webhook',
    ].flatMap((name) => [`${name}.ts loader`, `${name}.ts action`]),
    ...['log-in', 'sign-up', 'forgot-password', 'reset-password', 'verify-email', 'join'].map(
      (n) => `_store.${n}.tsx loader`,
    ),
    ...['_store.tsx loader', 'log-out.ts loader', 'settings.currency.ts loader', 'settings.theme.ts loader'],
  ].map((name) => (name.startsWith('root') ? `app/${name}` : `app/routes/${name}`)),
);

const SANDBOX = 'e2e/stripe-sandbox/';
/** A folder of the Stripe sandbox → the folders that it may import, `type …` for their types alone. */
const SANDBOX_ARROWS: Record<string, string[]> = {
  ...{ store: [], versions: ['type store'] },
  engine: ['store', 'versions', 'type deliveries', 'type listen'],
  deliveries: ['store', 'versions', 'chaos', 'type engine', 'type listen'],
  listen: ['type deliveries'],
  chaos: ['store', 'versions', 'deliveries', 'type engine'],
  api: ['engine', 'store', 'versions', 'deliveries', 'chaos', 'listen'],
  desks: ['engine', 'store', 'versions', 'deliveries', 'chaos'],
  control: ['engine', 'chaos'],
  pages: [],
};
/** The files at its root that put the folders together; the others there are open to every folder. */
const SANDBOX_WIRING = new Set(['create-sandbox', 'open-world', 'server', 'main', 'main-args', 'index']);

const LIMIT = { file: 400, route: 250, door: 40 };
const WRITES =
  /^(create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany)$/;

export interface Source {
  /** From the root: `app/modules/ledger/grant.server.ts`. */
  file: string;
  text: string;
}

/** Model and table → the room that writes it, read from the headings of the schema. */
export function writersOf(schema: string): Map<string, string> {
  const writers = new Map<string, string>();
  let room = '';
  for (const line of schema.split('\n')) {
    room = /^\/\/ ── (\w+) ──/.exec(line)?.[1] ?? room;
    const name = /^model (\w+)/.exec(line)?.[1] ?? /^\s+@@map\("(\w+)"\)/.exec(line)?.[1];
    if (name !== undefined) writers.set(name.charAt(0).toLowerCase() + name.slice(1), room);
  }
  return writers;
}

const isTest = (file: string) => /\.(test|spec)\.tsx?$/.test(file) || file.includes('/testing/');
const roomOf = (file: string) => /^app\/modules\/([^/]+)\//.exec(file)?.[1];

/** Where a file stands: its floor, or undefined when its room is not in FLOORS. Components stand beside the floors. */
function floorOf(file: string): number | 'components' | undefined {
  const room = roomOf(file);
  if (room !== undefined) return FLOORS[room];
  if (file.startsWith('app/platform/')) return 0;
  return file.startsWith('app/components/') ? 'components' : TOP;
}

/** The file that an import names, from the root and without its ending; undefined for packages. */
function targetOf(from: string, specifier: string): string | undefined {
  const name = specifier.replace(/\.(tsx?|js)$/, '');
  if (name.startsWith('~/')) return `app/${name.slice(2)}`;
  return name.startsWith('.') ? path.posix.join(path.posix.dirname(from), name) : undefined;
}

/** Why a file of the sandbox may not import another, or undefined when it may. Its root imports all of it. */
function sandboxFault(from: string, specifier: string, isType: boolean): string | undefined {
  const target = targetOf(from, specifier);
  if (target === undefined) return undefined;
  if (!target.startsWith(SANDBOX)) return 'the sandbox imports nothing of this project but itself';
  const [own, other] = [from, target].map((file) => /^([^/]+)\//.exec(file.slice(SANDBOX.length))?.[1]);
  if (own === undefined || own === other) return undefined;
  if (other === undefined)
    return SANDBOX_WIRING.has(target.slice(SANDBOX.length))
      ? 'no folder of the sandbox imports its wiring'
      : undefined;
  const arrows = SANDBOX_ARROWS[own];
  if (!arrows) return `${SANDBOX}${own} has no arrows in SANDBOX_ARROWS`;
  if (arrows.includes(other) || (isType && arrows.includes(`type ${other}`))) return undefined;
  return `${own} of the sandbox never imports ${other}${arrows.includes(`type ${other}`) ? ' but its types' : ''}`;
}

/** Why an import is not allowed, or undefined when it is. */
function importFault(from: string, specifier: string): string | undefined {
  if (/^stripe($|\/)/.test(specifier))
    return roomOf(from) === 'stripe' ? undefined : 'only modules/stripe imports the SDK';
  const target = targetOf(from, specifier);
  if (target === undefined) return undefined;
  if (target.startsWith('e2e/')) return 'app never imports e2e';
  if (target.startsWith('prisma/'))
    return target.startsWith('prisma/generated/') ||
      from.startsWith('app/cli/') ||
      from.startsWith('app/entry.')
      ? undefined
      : 'only cli and entries import prisma beyond its generated client';
  if (!target.startsWith('app/')) return undefined;
  return from.startsWith('app/components/') ? componentFault(target) : floorFault(from, target);
}

function componentFault(target: string): string | undefined {
  const allowed =
    /^app\/(components\/|modules\/[^/]+\/shared$|platform\/(money|amount-text|time|assert-never)$)/;
  return allowed.test(target)
    ? undefined
    : 'components import only components, a room’s shared.ts and platform/{money,amount-text,time,assert-never}';
}

function floorFault(from: string, target: string): string | undefined {
  const room = roomOf(target);
  if (room !== undefined && room === roomOf(from)) return undefined;
  const [own, other] = [floorOf(from), floorOf(target)];
  if (other === 'components') return own === TOP ? undefined : 'rooms and platform never import components';
  if (typeof own !== 'number' || other === undefined) return `app/modules/${room} has no floor in FLOORS`;
  if (room !== undefined && !/^app\/modules\/[^/]+\/(index\.server|shared)$/.test(target))
    return 'a room is entered by its doors: index.server and shared';
  if (own === TOP || own === 0)
    return own === TOP || other === 0 ? undefined : 'platform imports no floor above it';
  if (PEER_DOORS.has(target) && own === 1) return undefined;
  return other < own ? undefined : `floor ${own} imports floor ${other}: never sideways, never up`;
}

type Report = (node: ts.Node, rule: string) => void;

/** All that is said of one file, as `rule: file:line`. */
export function faultsOf(source: Source, writers: Map<string, string>): string[] {
  const { file, text } = source;
  const faults = sizeFaults(source);
  const isSandbox = file.startsWith(SANDBOX);
  if (!/\.tsx?$/.test(file) || !(isSandbox || file.startsWith('app/')) || isTest(file)) return faults;
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const report: Report = (node, rule) =>
    faults.push(`${rule}: ${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`);
  if (floorOf(file) === undefined) report(tree, `app/modules/${roomOf(file)} has no floor in FLOORS`);
  const visit = (node: ts.Node) => {
    checkImport(node, file, report);
    if (!isSandbox) {
      checkEnv(node, file, report);
      checkModelWrite(node, file, writers, report);
      checkRawSql(node, file, writers, report);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  if (file.startsWith('app/routes/') || file === 'app/root.tsx') checkRoute(tree, file, report);
  return faults;
}

function sizeFaults({ file, text }: Source): string[] {
  const lines = text.replace(/\n$/, '').split('\n').length;
  const isDoor = /^app\/modules\/[^/]+\/index\.server\.ts$/.test(file);
  const isPage = /^app\/routes\/.*\.tsx$/.test(file);
  const limit = isDoor ? LIMIT.door : isPage ? LIMIT.route : LIMIT.file;
  return lines > limit ? [`${lines} lines, at most ${limit}: ${file}:${limit + 1}`] : [];
}

function checkImport(node: ts.Node, file: string, report: Report): void {
  const named =
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
  const dynamic =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
      ? node.arguments[0]
      : undefined;
  const specifier = named ?? dynamic;
  if (!specifier || !ts.isStringLiteral(specifier)) return;
  const isType =
    (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly === true) ||
    (ts.isExportDeclaration(node) && node.isTypeOnly);
  const fault = file.startsWith(SANDBOX)
    ? sandboxFault(file, specifier.text, isType)
    : importFault(file, specifier.text);
  if (fault !== undefined) report(node, `${fault} (${specifier.text})`);
}

function checkEnv(node: ts.Node, file: string, report: Report): void {
  if (!ts.isPropertyAccessExpression(node) || node.getText() !== 'process.env') return;
  if (file !== 'app/platform/env.server.ts' && !file.startsWith('app/cli/'))
    report(node, 'only platform/env and cli read process.env');
}

/** `tx.wallet.update(…)`: a write through Prisma belongs to the table's room. */
function checkModelWrite(node: ts.Node, file: string, writers: Map<string, string>, report: Report): void {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
  const { expression: model, name: verb } = node.expression;
  if (!WRITES.test(verb.text) || !ts.isPropertyAccessExpression(model)) return;
  const owner = writers.get(model.name.text);
  if (owner !== undefined && owner !== roomOf(file)) report(node, `only ${owner} writes ${model.name.text}`);
}

const RAW = /^\$(query|execute)Raw(Unsafe)?$/;

function checkRawSql(node: ts.Node, file: string, writers: Map<string, string>, report: Report): void {
  const called = ts.isTaggedTemplateExpression(node)
    ? node.tag
    : ts.isCallExpression(node)
      ? node.expression
      : undefined;
  if (!called || !ts.isPropertyAccessExpression(called)) return;
  const isPrisma = RAW.test(called.name.text) || called.getText() === 'Prisma.sql';
  const first = ts.isCallExpression(node) ? node.arguments[0] : undefined;
  const isPool = called.name.text === 'query' && first !== undefined && ts.isStringLiteralLike(first);
  if (!isPrisma && !isPool) return;
  const room = roomOf(file);
  const sql = ts.isTaggedTemplateExpression(node)
    ? node.template
        .getText()
        .slice(1, -1)
        .replace(/\$\{[^}]*\}/g, '?')
    : (first?.getText().replace(/^['"`]|['"`]$/g, '') ?? '');
  const mayBeRaw = room === undefined ? /^app\/(cli|platform)\//.test(file) : RAW_SQL.has(room);
  if (!mayBeRaw && !ROW_LOCK.test(sql))
    report(node, 'raw SQL stands in the rooms of RAW_SQL; elsewhere it only locks a row');
  for (const [, table] of sql.matchAll(/(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?([a-z_]+)/g)) {
    const owner = table === undefined ? undefined : writers.get(table);
    if (owner !== undefined && owner !== room) report(node, `only ${owner} writes ${table}`);
  }
  for (const [, name = '', prefix = ''] of sql.matchAll(
    /\b((ledger|audit|inbox|outbox|finance|pause)_\w+)\(/g,
  )) {
    const owner = SQL_FUNCTIONS[prefix];
    if (owner !== room && !SQL_READS.has(name)) report(node, `only ${owner} calls ${name}`);
  }
}

/** `return serveApi(args, …)`: key, scope and limits are asked for there. */
const isServedByApi = (statement: ts.Statement | undefined): boolean =>
  statement !== undefined &&
  ts.isReturnStatement(statement) &&
  statement.expression !== undefined &&
  ts.isCallExpression(statement.expression) &&
  statement.expression.expression.getText() === 'serveApi';

/** Loaders and actions are plain functions that start with their guard, for `.data` requests reach a child alone. */
function checkRoute(tree: ts.SourceFile, file: string, report: Report): void {
  const isConsolePage = /^app\/routes\/admin\b.*\.tsx$/.test(file) && /^export default /m.test(tree.text);
  if (isConsolePage && !tree.text.includes('unlessUnheard as shouldRevalidate'))
    report(tree, 'a page of the console stays while an act of it is not answered: unlessUnheard');
  for (const statement of tree.statements) {
    for (const name of exportedBy(statement)) {
      if ((name !== 'loader' && name !== 'action') || PUBLIC.has(`${file} ${name}`)) continue;
      if (!ts.isFunctionDeclaration(statement)) {
        report(statement, `${name} is a plain function`);
        continue;
      }
      const [first, second] = statement.body?.statements ?? [];
      if (file.startsWith('app/routes/api.v1.')) {
        if (!isServedByApi(first))
          report(statement, `${name} of the API is serveApi, which asks for the key`);
        continue;
      }
      const guards = [calledFirst(first), calledFirst(second)];
      if (!GUARDS.has(guards[0] ?? '')) report(statement, `the first statement of ${name} is its guard`);
      else if (name === 'action' && guards[0] !== 'assertSameOrigin')
        report(statement, 'the first statement of an action is assertSameOrigin');
      else if (
        file.startsWith('app/routes/admin') &&
        !STAFF_GUARDS[name].has(guards[name === 'action' ? 1 : 0] ?? '')
      )
        report(statement, `${name} of the console calls requireStaff itself`);
    }
  }
}

function exportedBy(statement: ts.Statement): string[] {
  if (
    ts.isExportDeclaration(statement) &&
    statement.exportClause &&
    ts.isNamedExports(statement.exportClause)
  )
    return statement.exportClause.elements.map((element) => element.name.text);
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExported) return [];
  if (ts.isFunctionDeclaration(statement)) return statement.name ? [statement.name.text] : [];
  return ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map((declaration) => declaration.name.getText())
    : [];
}

/** The function that a statement calls and does nothing before: `f(…)`, `await f(…)`, `const x = await f(…)`. */
function calledFirst(statement: ts.Statement | undefined): string | undefined {
  const declared =
    statement && ts.isVariableStatement(statement)
      ? statement.declarationList.declarations[0]?.initializer
      : undefined;
  let value = statement && ts.isExpressionStatement(statement) ? statement.expression : declared;
  if (value && ts.isAwaitExpression(value)) value = value.expression;
  return value && ts.isCallExpression(value) ? value.expression.getText() : undefined;
}
