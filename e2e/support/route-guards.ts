import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What a loader or an action asks for first, read from its source: nobody lists it by hand. */
export type Guard =
  | { asks: 'nothing' }
  | { asks: 'visitor' }
  | { asks: 'user' }
  | { asks: 'customer' }
  | { asks: 'staff'; least: string; needsProof: boolean };

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The first guard that a function of this file calls, in the order of its text. */
export function guardOf(file: string, name: 'loader' | 'action'): Guard {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = tree.statements.find((one) => ts.isFunctionDeclaration(one) && one.name?.text === name);
  return found === undefined ? { asks: 'nothing' } : (firstGuard(found) ?? { asks: 'nothing' });
}

function firstGuard(node: ts.Node): Guard | undefined {
  const own = ts.isCallExpression(node) ? guardOfCall(node) : undefined;
  return own ?? ts.forEachChild(node, firstGuard);
}

function guardOfCall(call: ts.CallExpression): Guard | undefined {
  const name = call.expression.getText();
  switch (name) {
    case 'requireStaff':
    case 'actingStaff': {
      const least = call.arguments[1];
      if (least === undefined || !ts.isStringLiteral(least))
        throw new Error(`${call.getSourceFile().fileName}: the role stands in the guard, as a word.`);
      return { asks: 'staff', least: least.text, needsProof: name === 'actingStaff' };
    }
    case 'requireUser':
      return { asks: 'user' };
    case 'requireCustomer':
      return { asks: 'customer' };
    case 'currentUser':
    case 'currentVisitor':
      return { asks: 'visitor' };
    default:
      return undefined;
  }
}

/** Whether any function of this file asks for a fresh proof of identity. */
export const asksProof = (file: string): boolean =>
  readFileSync(path.join(ROOT, file), 'utf8').includes('actingStaff(');

/** The intents that forms of this page send: the constants that it imports by a name such as TEAM_INTENTS. */
export async function intentsOf(file: string): Promise<string[]> {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const intents = new Set([...text.matchAll(/case '([\w-]+)'/g)].flatMap(([, word]) => word ?? []));
  for (const [, names = '', from = ''] of text.matchAll(/import \{([^}]*)\} from '~\/([^']+)'/g)) {
    for (const name of names.match(/\b[A-Z_]*INTENTS?\b/g) ?? []) {
      const module: Record<string, unknown> = await import(path.join(ROOT, 'app', from));
      for (const word of Object.values(Object(module[name]))) if (typeof word === 'string') intents.add(word);
    }
  }
  return [...intents];
}
