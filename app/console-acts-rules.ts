import path from 'node:path';
import ts from 'typescript';

/** A door that an action of the console calls, and what follows from that, as far as the text of the program tells. */
export interface ConsoleAct {
  /** The route. */
  file: string;
  /** The function, as its room calls it. */
  door: string;
  /** Whether it, or anything it calls, writes a row. */
  writes: boolean;
  audits: boolean;
  /** Whether the route asks who acts for a fresh proof that it is them. */
  asksProof: boolean;
}

/** A function of a file, or anything else that stands at its top. */
interface Part {
  /** Names of its file that it speaks of. */
  names: Set<string>;
  writes: boolean;
}

interface Module {
  file: string;
  parts: Map<string, Part>;
  /** Name here → where it comes from, and its name there. */
  imports: Map<string, { from: string; name: string }>;
}

type Modules = Map<string, Module>;

const WRITES =
  /^(create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany)$/;
const SQL_WRITES =
  /\b(INSERT INTO|UPDATE "?\w+"? SET|DELETE FROM)\b|\b(ledger|inbox|outbox)_(?!balance)\w+\(/;
const GUARDS = new Set(['requireStaff', 'actingStaff', 'assertSameOrigin', 'authContext', 'clientOf']);

/** All files by their names without an ending. */
export function sourcesOf(files: readonly { file: string; text: string }[]): Modules {
  return new Map(files.map(({ file, text }) => [file.replace(/\.tsx?$/, ''), moduleOf(file, text)]));
}

/** Every door that an action of a route of the console calls, itself or by a function beside it. */
export function actsOf(modules: Modules): ConsoleAct[] {
  return [...modules].flatMap(([name, module]) => {
    if (!/^app\/routes\/admin[.\w$[\]-]*$/.test(name) || !module.parts.has('action')) return [];
    const spoken = [...namesWithin(module, 'action')];
    const asksProof = spoken.includes('actingStaff');
    return spoken.flatMap((local) => {
      const origin = module.imports.get(local);
      if (origin === undefined || !/^app\/modules\/\w+\/index\.server$/.test(origin.from)) return [];
      if (GUARDS.has(origin.name)) return [];
      return [{ file: module.file, door: origin.name, asksProof, ...follow(modules, origin) }];
    });
  });
}

/** The names that a part of a file speaks of, by the parts beside it too. */
function namesWithin(module: Module, start: string, seen = new Set<string>()): Set<string> {
  for (const name of module.parts.get(start)?.names ?? []) {
    if (seen.has(name)) continue;
    seen.add(name);
    namesWithin(module, name, seen);
  }
  return seen;
}

/** All that is called from here on: whether any of it writes, and whether any of it is the audit. */
function follow(
  modules: Modules,
  start: { from: string; name: string },
  seen = new Set<string>(),
): { writes: boolean; audits: boolean } {
  const key = `${start.from} ${start.name}`;
  if (seen.has(key)) return { writes: false, audits: false };
  seen.add(key);
  if (start.name === 'appendAudit') return { writes: false, audits: true };
  const module = modules.get(start.from);
  const part = module?.parts.get(start.name);
  if (module === undefined) return { writes: false, audits: false };
  // A door only passes on.
  const passed = part === undefined ? module.imports.get(start.name) : undefined;
  const next = passed === undefined ? [] : [passed];
  for (const name of part?.names ?? []) {
    if (module.parts.has(name)) next.push({ from: start.from, name });
    const imported = module.imports.get(name);
    if (imported !== undefined) next.push(imported);
  }
  const found = { writes: part?.writes ?? false, audits: false };
  for (const one of next) {
    const { writes, audits } = follow(modules, one, seen);
    found.writes ||= writes;
    found.audits ||= audits;
  }
  return found;
}

function moduleOf(file: string, text: string): Module {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const module: Module = { file, parts: new Map(), imports: new Map() };
  for (const statement of tree.statements) {
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) keepNames(module, statement);
    else if (ts.isVariableStatement(statement))
      for (const declared of statement.declarationList.declarations)
        module.parts.set(declared.name.getText(), partOf(declared));
    else if (
      (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      statement.name !== undefined
    )
      module.parts.set(statement.name.text, partOf(statement));
  }
  return module;
}

function keepNames(module: Module, statement: ts.ImportDeclaration | ts.ExportDeclaration): void {
  const { moduleSpecifier } = statement;
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return;
  const { text } = moduleSpecifier;
  const from = text.startsWith('~/')
    ? `app/${text.slice(2)}`
    : path.posix.join(path.posix.dirname(module.file), text);
  const bindings = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : statement.exportClause;
  if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return;
  for (const { name, propertyName } of bindings.elements)
    module.imports.set(name.text, { from, name: (propertyName ?? name).text });
}

function partOf(node: ts.Node): Part {
  const part: Part = { names: new Set(), writes: false };
  const visit = (one: ts.Node): void => {
    if (ts.isTypeNode(one)) return;
    if (ts.isIdentifier(one)) part.names.add(one.text);
    if (ts.isCallExpression(one) && isModelWrite(one)) part.writes = true;
    if ((ts.isStringLiteralLike(one) || ts.isTemplateExpression(one)) && SQL_WRITES.test(one.getText()))
      part.writes = true;
    if (ts.isPropertyAccessExpression(one)) visit(one.expression);
    else ts.forEachChild(one, visit);
  };
  visit(node);
  return part;
}

/** `tx.user.update(…)`: two names before the verb, so that a Map or a Set is no table. */
function isModelWrite({ expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    WRITES.test(expression.name.text) &&
    ts.isPropertyAccessExpression(expression.expression) &&
    ts.isIdentifier(expression.expression.expression)
  );
}
