import type * as Fs from 'node:fs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from './store';

// Modules of its own, for nothing that was imported before knows this disk, and nothing after may.
const disk = vi.hoisted(() => {
  vi.resetModules();
  return { isFull: false };
});
afterAll(() => void vi.resetModules());
// why: a disk that is full takes a part of a line and then fails; no test can fill a real one.
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>();
  const write = (descriptor: number, buffer: Buffer, offset: number): number => {
    if (!disk.isFull) return fs.writeSync(descriptor, buffer, offset);
    fs.writeSync(descriptor, buffer, offset, 5);
    throw new Error('ENOSPC: no space left on device, write');
  };
  return { ...fs, writeSync: write };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sandbox-journal-'));
});
afterEach(() => {
  disk.isFull = false;
  rmSync(folder, { recursive: true, force: true });
});

const mail = (id: string) => ({
  id,
  from: 'a',
  to: 'b',
  subject: 'c',
  text: 'd',
  html: 'e',
  receivedAtMs: 1,
});
const idsIn = async (): Promise<string[]> => {
  const store = await openStore(folder);
  const ids = [...store.mail.all()].map(({ id }) => id);
  store.close();
  return ids;
};

describe('a full disk', () => {
  it('fails the act, keeps the journal whole, and the next act that fits writes both', async () => {
    const store = await openStore(folder);
    store.mail.put(mail('one'));
    store.save();
    const before = readFileSync(path.join(folder, 'journal.ndjson'));
    disk.isFull = true;
    store.mail.put(mail('two'));
    expect(() => store.save()).toThrow(/journal\.ndjson cannot be written: .*ENOSPC/);
    expect(readFileSync(path.join(folder, 'journal.ndjson'))).toEqual(before);
    disk.isFull = false;
    store.mail.put(mail('three'));
    store.save();
    store.close();
    expect(await idsIn()).toEqual(['one', 'two', 'three']);
  });
});

describe('a folder', () => {
  it('serves one sandbox at a time', async () => {
    const store = await openStore(folder);
    await expect(openStore(folder)).rejects.toThrow(`Another sandbox is using the folder ${folder}.`);
    store.close();
    expect(await idsIn()).toEqual([]);
  });
});
