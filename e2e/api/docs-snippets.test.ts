import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { apiDocs, openApiDocument } from '../../app/modules/api/index.server';

const APP = 'https://credits.example.com';
const docs = apiDocs(APP, null);
let folder = '';

/** A team's folder: the types as the page says they are made, and the page's own client. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'credence-snippets-'));
  symlinkSync(
    path.resolve(import.meta.dirname, '../../node_modules'),
    path.join(folder, 'node_modules'),
    'junction',
  );
  const types = await openapiTS(JSON.stringify(openApiDocument(APP)));
  writeFileSync(path.join(folder, 'credence-api.ts'), astToString(types));
  writeFileSync(path.join(folder, 'credence.ts'), docs.start.client);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of files of that folder, all in one program. */
function faultsOf(files: Readonly<Record<string, string>>): string[] {
  const names = Object.entries(files).map(([name, text]) => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  });
  const program = ts.createProgram(names, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
    typeRoots: [path.join(folder, 'node_modules/@types')],
    preserveSymlinks: true,
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${path.basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

const inModule = (snippet: string) => `import { credence } from './credence';\n\n${snippet}\n`;

const SAYS_WHAT = `
export const answered: { object: string } | undefined = data;
export const refused: string = error?.code ?? '';`;

it('the TypeScript of the API’s page compiles against the types of the document, and with a slip it would not', () => {
  const right = Object.fromEntries(
    docs.operations.map(({ id, typescript }) => [`${id}.ts`, inModule(typescript + SAYS_WHAT)]),
  );
  const spend = docs.operations.find(({ id }) => id === 'createSpend')?.typescript ?? '';
  const wrong = {
    'wrong-field.ts': inModule(spend.replace('amount:', 'amuont:')),
    'wrong-path.ts': inModule(spend.replace('/spends', '/spend')),
    'wrong-answer.ts': inModule(`${spend}\nexport const book: number | undefined = data?.book;`),
  };
  const faults = faultsOf({
    ...right,
    ...wrong,
    'pay-for-job.ts': docs.start.spend,
    'hear.ts': docs.start.hear,
  });
  expect(faults.filter((fault) => !fault.startsWith('wrong-'))).toEqual([]);
  for (const name of Object.keys(wrong)) expect(faults.some((fault) => fault.startsWith(name))).toBe(true);
}, 60_000);
