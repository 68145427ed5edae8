import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';

import { type TwoOfEach } from '../ops/two-of-each/stage';

/** With these node lets a process be asked for its memory, and nothing of the build changes. */
export const PROBED = ['--expose-gc', '--import', './e2e/bench/memory-probe.js'] as const;

const RESIDENT_EVERY_MS = 5_000;
/** A full collection holds a process up for about a tenth of a second: seldom enough that no p99 sees it. */
const HEAP_LOOKS = 10;

interface Sample {
  minute: number;
  megabytes: number;
}

type Series = Map<string, Sample[]>;

const answer = z.object({ memory: z.object({ heapUsed: z.number(), external: z.number() }) });

/**
 * Memory of each process: resident as the kernel tells it, and what the process itself holds after a full collection.
 * V8 lets its heap grow for as long as that costs less than collecting, so resident memory rises for many minutes where
 * nothing leaks; what is held after a collection rises only with what is kept.
 */
export class MemoryWatch {
  private readonly resident: Series = new Map();
  private readonly held: Series = new Map();
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly stopped = new AbortController();
  private readonly looking: Promise<void>;

  constructor(
    private readonly on: TwoOfEach,
    private readonly minutes: number,
  ) {
    this.timer = setInterval(() => void this.lookAtResident(), RESIDENT_EVERY_MS);
    this.looking = this.lookAtHeld();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopped.abort();
    await this.looking;
  }

  /** Both as tables; growth is that of the last half of the time. */
  toString(): string {
    return [
      this.table('held after a full collection, MB', this.held),
      this.table('resident, MB', this.resident),
    ].join('\n');
  }

  private get processes() {
    return [...this.on.webs, ...this.on.workers];
  }

  private note(series: Series, name: string, bytes: number): void {
    const sample = { minute: (performance.now() - this.startedAt) / 60_000, megabytes: bytes / 2 ** 20 };
    series.set(name, [...(series.get(name) ?? []), sample]);
  }

  private async lookAtResident(): Promise<void> {
    for (const { name, pid } of this.processes) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
      if (Number.isFinite(kilobytes)) this.note(this.resident, name, kilobytes * 1024);
    }
  }

  private async lookAtHeld(): Promise<void> {
    const { signal } = this.stopped;
    for (let look = 1; look <= HEAP_LOOKS; look += 1) {
      const due = this.startedAt + (look / HEAP_LOOKS) * this.minutes * 60_000;
      await pause(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted && look < HEAP_LOOKS) return;
      // One after the other: never do both of a kind stand still.
      for (const process of this.processes) {
        const told = await process.ask('memory');
        if (told === undefined) continue;
        const { heapUsed, external } = answer.parse(told).memory;
        this.note(this.held, process.name, heapUsed + external);
      }
    }
  }

  private table(title: string, series: Series): string {
    const from = (share: number) => `after ${(this.minutes * share).toFixed(1)} min`;
    const lines = [
      `\n| ${title} | ${from(0.1)} | ${from(0.5)} | at the end | most | a minute, last half |`,
      '|---|--:|--:|--:|--:|--:|',
    ];
    for (const [name, samples] of series) {
      // The first look comes a moment after it is due, the half by a moment before.
      const [warm, settled] = [0.1, 0.49].map((share) =>
        samples.filter(({ minute }) => minute >= this.minutes * share),
      );
      const cells = [warm?.[0], settled?.[0], samples.at(-1)].map((sample) => sample?.megabytes.toFixed(1));
      const most = Math.max(...samples.map(({ megabytes }) => megabytes)).toFixed(1);
      lines.push(`| ${name} | ${cells.join(' | ')} | ${most} | ${slopeOf(settled ?? []).toFixed(2)} |`);
    }
    return lines.join('\n');
  }
}

/** Megabytes a minute, by least squares. */
function slopeOf(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ megabytes }) => megabytes)];
  const above = samples.reduce((sum, { minute, megabytes }) => sum + (minute - x) * (megabytes - y), 0);
  const below = samples.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0);
  return below === 0 ? 0 : above / below;
}
