import { Validator } from '@seriousme/openapi-schema-validator';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { messageTypeSchema } from '~/modules/outbox/index.server';

import { openApiDocument } from './openapi.server';
import { OPERATIONS } from './operations.server';
import { problemName } from './problem-schemas.server';
import { PROBLEM_CODES, PROBLEMS } from './shared';

const document = openApiDocument('https://credits.example.com');
const routes = path.resolve(import.meta.dirname, '../../routes');

/** `api.v1.holds_.$id_.capture.ts` stands at `/holds/{id}/capture`. */
const pathOf = (file: string) =>
  file
    .replace(/^api\.v1/, '')
    .replace(/\.ts$/, '')
    .replaceAll('_.', '.')
    .replace(/\.\$(\w+)/g, '/{$1}')
    .replace(/\.(\w)/g, '/$1');

describe('the OpenAPI document', () => {
  it('is one, by the specification', async () => {
    const copy = z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(document)));
    expect(await new Validator().validate(copy)).toEqual({ valid: true });
    expect(document.openapi).toBe('3.1.1');
  });

  it('has the paths that there are routes for, and no others', () => {
    const files = readdirSync(routes).filter(
      (file) => file.startsWith('api.v1.') && !/openapi|\.\$\.ts$/.test(file),
    );
    expect(files.map(pathOf).sort()).toEqual(Object.keys(document.paths ?? {}).sort());
    for (const file of files) {
      const served = [
        ...readFileSync(path.join(routes, file), 'utf8').matchAll(/serveApi\(args, '([^']+)'\)/g),
      ];
      expect(served.map(([, at]) => at)).toEqual([pathOf(file), pathOf(file)]);
    }
  });

  it.each(OPERATIONS.map((one) => [one.id, one] as const))(
    '%s says how it is asked and refused',
    (_, operation) => {
      const item = document.paths?.[operation.path];
      const said = operation.method === 'GET' ? item?.get : item?.post;
      expect(said?.operationId).toBe(operation.id);
      const names = z
        .array(z.looseObject({ name: z.string(), in: z.string() }))
        .parse(said?.parameters ?? []);
      const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(names.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
      const header = names.filter((one) => one.in === 'header').map(({ name }) => name);
      expect(header).toEqual(operation.method === 'POST' ? ['Idempotency-Key'] : []);
      const statuses = Object.keys(said?.responses ?? {}).map(Number);
      for (const code of operation.refusals) expect(statuses).toContain(PROBLEMS[code].status);
      for (const status of [400, 401, 403, 429, 500, 503]) expect(statuses).toContain(status);
    },
  );

  it('tells of every message', () => {
    expect(Object.keys(document.webhooks ?? {})).toEqual(messageTypeSchema.options);
  });

  it('has every problem that an operation may answer', () => {
    const paths = JSON.stringify(document.paths ?? {});
    const said = new Set(
      [...paths.matchAll(/"#\/components\/schemas\/(\w+Problem)"/g)].map(([, name]) => name),
    );
    // No operation has it: it says that there is none by this method.
    expect(PROBLEM_CODES.filter((code) => !said.has(problemName(code)))).toEqual(['method_not_allowed']);
    expect(Object.keys(document.components?.schemas ?? {})).toEqual(
      expect.arrayContaining(PROBLEM_CODES.map(problemName)),
    );
  });
});
