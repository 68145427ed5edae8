import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

import { type CodeEntry, DOCTOR_CODES } from '../modules/health/doctor-codes';
import { mask, maskAll } from '../modules/health/mask';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const lines = read('app/operations/go-live.md')
  .split('\n')
  .filter((line) => line.startsWith('- [ ] '));
/** Codes at the end of a line, with the mark of those that stop a start. */
const codesIn = (line: string) =>
  [...line.matchAll(/(⛔ )?`([a-z]+(?:_[a-z]+)*)`/g)].map(([, stops, code = '']) => ({
    code,
    stops: stops !== undefined,
  }));
const table = new Map<string, CodeEntry>(Object.entries(DOCTOR_CODES));

describe('the go-live checklist', () => {
  it('has a check behind each line', () => {
    expect(lines.length).toBeGreaterThan(15);
    for (const line of lines) {
      const codes = codesIn(line);
      expect(codes, line).not.toEqual([]);
      for (const { code, stops } of codes)
        expect(table.get(code)?.stopsStart, `${code} in: ${line}`).toBe(stops);
    }
  });

  it('has a line for each check', () => {
    const named = lines.flatMap(codesIn).map(({ code }) => code);
    expect([...named].sort()).toEqual([...table.keys()].sort());
  });
});

describe('.env.example', () => {
  it('lists every setting that is read', () => {
    const settings = [...read('app/platform/env.server.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(
      ([, name]) => name,
    );
    const listed = [...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
    expect(settings.length).toBeGreaterThan(20);
    expect([...listed].sort()).toEqual([...new Set(settings), 'CREDENCE_IGNORE_DOCTOR'].sort());
  });
});

describe('a masked secret', () => {
  it('shows its kind and its end, and of a short one not even that', () => {
    expect(mask('sk_live_51HabcdefghijklmnopQRST')).toBe('sk_live_…QRST');
    expect(mask('whsec_short1234')).toBe('whsec_…');
    expect(mask('a password of some length')).toBe('…ngth');
  });

  it('is found wherever it stands in a text', () => {
    const text =
      'rk_test_0123456789abcdefWXYZ at postgresql://me:hunter2222@db, key kkkkkkkk, whsec_0123456789abcdefghij';
    expect(maskAll(text, ['kkkkkkkk'])).toBe('rk_test_…WXYZ at postgresql://me:…@db, key …, whsec_…ghij');
  });
});
