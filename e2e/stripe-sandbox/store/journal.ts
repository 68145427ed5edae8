import { closeSync, createReadStream, existsSync, fsyncSync, ftruncateSync, mkdirSync } from 'node:fs';
import { openSync, renameSync, rmSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** One line is one act: all its rows are there after a crash, or none. `null` is a deletion. */
const lineSchema = z.array(z.tuple([z.string(), z.string(), z.unknown()]));
export type JournalEntry = [collection: string, id: string, row: unknown];

const MEBIBYTE = 1024 * 1024;
const COMPACT_ABOVE = 64 * MEBIBYTE;

/**
 * An append-only file. A line is written in one call before the act's answer leaves the process, so killing the
 * process loses nothing that was answered; a torn last line is cut off at the next start.
 */
export class Journal {
  private descriptor: number | undefined;
  private bytes = 0;
  private bytesWhenCompact = 0;
  private readonly file: string;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, 'journal.ndjson');
  }

  async replay(take: (entry: JournalEntry) => void): Promise<void> {
    if (existsSync(this.file)) {
      for await (const line of completeLines(this.file)) {
        const entries = parseLine(line);
        if (entries === undefined) throw new Error(`${this.file} is damaged at byte ${this.bytes}.`);
        for (const entry of entries) this.hand(entry, take);
        this.bytes += line.length + 1;
      }
      truncateSync(this.file, this.bytes);
    }
    this.descriptor = openSync(this.file, 'a');
    this.bytesWhenCompact = this.bytes;
  }

  private hand(entry: JournalEntry, take: (entry: JournalEntry) => void): void {
    try {
      take(entry);
    } catch (cause) {
      const [collection, id] = entry;
      const what = `${this.file} holds ${id} of ${collection} in a form that this version of the sandbox does not read`;
      throw new Error(`${what}; name another --data folder, or remove this one.`, { cause });
    }
  }

  /** All of it is written, or it throws and nothing is. */
  append(entries: JournalEntry[]): void {
    if (this.descriptor === undefined) throw new Error('The journal is closed.');
    try {
      this.bytes += writeAll(this.descriptor, `${JSON.stringify(entries)}\n`);
    } catch (cause) {
      ftruncateSync(this.descriptor, this.bytes);
      throw new Error(`${this.file} cannot be written: ${String(cause)}`, { cause });
    }
  }

  isBloated(): boolean {
    return this.bytes > COMPACT_ABOVE && this.bytes > 4 * this.bytesWhenCompact;
  }

  /** Rewrites the file so that it holds only the rows that are alive; if it throws, the file is as it was. */
  compact(rows: Iterable<JournalEntry>): void {
    // However this ends, it is not tried again at once.
    this.bytesWhenCompact = this.bytes;
    const next = `${this.file}.next`;
    let bytes = 0;
    try {
      const descriptor = openSync(next, 'w');
      try {
        for (const row of rows) bytes += writeAll(descriptor, `${JSON.stringify([row])}\n`);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(next, this.file);
    } catch (error) {
      rmSync(next, { force: true });
      throw error;
    }
    this.close();
    this.descriptor = openSync(this.file, 'a');
    this.bytes = bytes;
    this.bytesWhenCompact = bytes;
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

function writeAll(descriptor: number, text: string): number {
  const buffer = Buffer.from(text);
  for (let offset = 0; offset < buffer.length;) offset += writeSync(descriptor, buffer, offset);
  return buffer.length;
}

/** The lines that end in a newline; what follows the last newline is a write that was cut short. */
async function* completeLines(file: string): AsyncIterable<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: MEBIBYTE })) {
    if (!Buffer.isBuffer(chunk)) throw new Error('The journal is read as bytes.');
    rest = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a, start)) {
      yield rest.subarray(start, end);
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
}

function parseLine(line: Buffer): JournalEntry[] | undefined {
  try {
    return lineSchema.parse(JSON.parse(line.toString('utf8')));
  } catch {
    return undefined;
  }
}
