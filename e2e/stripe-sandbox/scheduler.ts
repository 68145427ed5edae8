import { MINUTE_MS } from './durations';
interface Appointment {
  atMs: number;
  turn: number;
  run: () => void;
}

const LONGEST_SLEEP_MS = MINUTE_MS;

/** Runs things when their time comes, in order of time, then of asking. One timer, a binary heap. */
export class Scheduler {
  private readonly heap: Appointment[] = [];
  private timer: NodeJS.Timeout | undefined;
  private turn = 0;
  private stopped = false;

  constructor(private readonly nowMs: () => number) {}

  at(atMs: number, run: () => void): void {
    if (this.stopped) return;
    this.turn += 1;
    push(this.heap, { atMs, turn: this.turn, run });
    if (this.heap[0]?.turn === this.turn) this.wake();
  }

  /** Looks at the clock again; call it when the clock was moved. */
  wake(): void {
    clearTimeout(this.timer);
    const next = this.heap[0];
    if (!next || this.stopped) return;
    const waitMs = Math.min(Math.max(next.atMs - this.nowMs(), 0), LONGEST_SLEEP_MS);
    this.timer = setTimeout(() => this.runDue(), waitMs);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.heap.length = 0;
  }

  stop(): void {
    this.stopped = true;
    this.clear();
  }

  /** What is asked for meanwhile waits for the next turn of the event loop, so a chain of things never blocks it. */
  private runDue(): void {
    const last = this.turn;
    for (
      let next = this.heap[0];
      next && next.turn <= last && next.atMs <= this.nowMs();
      next = this.heap[0]
    ) {
      pop(this.heap);
      next.run();
    }
    this.wake();
  }
}

function isBefore(left: Appointment | undefined, right: Appointment | undefined): boolean {
  if (!left || !right) return left !== undefined;
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.turn < right.turn);
}

function swap(heap: Appointment[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first && second) [heap[a], heap[b]] = [second, first];
}

function push(heap: Appointment[], appointment: Appointment): void {
  heap.push(appointment);
  for (let child = heap.length - 1; child > 0;) {
    const parent = (child - 1) >> 1;
    if (!isBefore(heap[child], heap[parent])) return;
    swap(heap, child, parent);
    child = parent;
  }
}

function pop(heap: Appointment[]): void {
  swap(heap, 0, heap.length - 1);
  heap.pop();
  for (let parent = 0; ;) {
    const left = 2 * parent + 1;
    const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!isBefore(heap[child], heap[parent])) return;
    swap(heap, child, parent);
    parent = child;
  }
}
