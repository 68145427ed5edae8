import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

import { DOCTOR_CODES } from '../../app/modules/health/doctor-codes';

it('each fault that the doctor names is made on purpose in a test', () => {
  const tests = ['doctor-stripe', 'doctor-own'].map((name) =>
    readFileSync(path.resolve(import.meta.dirname, `${name}.db.test.ts`), 'utf8'),
  );
  const unmade = Object.keys(DOCTOR_CODES).filter(
    (code) => !tests.some((text) => text.includes(`'${code}'`)),
  );
  expect(unmade).toEqual([]);
});
