import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';

import { openApiDocument } from '../../app/modules/api/index.server';

/** Writes the types of the typed client from the document that the API serves, as a team would do for its product. */
const file = path.resolve(import.meta.dirname, '../fixtures/generated/credence-api.ts');
const document = JSON.stringify(openApiDocument('http://localhost:3000'));
const types = astToString(await openapiTS(document));
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, types);
