import type { Chaos, Mix } from './chaos/mix';
import type { ReplayOutcome } from './chaos/replay';
import type { Scenario } from './chaos/scenario';
import type { Page, PageQuery } from './sandbox';

/** Faults by seed. */
export interface ChaosDesk {
  /** null: nothing goes wrong by seed. */
  current(): Chaos | null;
  presets(): Array<{ name: string; mix: Mix }>;
  /** Begins a new run. */
  set(chaos: Chaos | null): void;
  /** The same with a mix as `--chaos` takes it; raises a ZodError on what it does not understand. */
  begin(mix: string): void;
  run(): ChaosRun;
  /** What was done in this run, newest first. */
  done(query?: PageQuery): Page<MischiefRow>;
  /** The run so far, to be kept or sent again; `redact` leaves out secrets and e-mail addresses. */
  exportRun(redact: boolean): Scenario;
  /** Twice the speed is half the time between deliveries. */
  replay(scenario: Scenario, speed: number): ReplayOutcome;
}

export interface ChaosRun {
  /** Unix milliseconds. */
  startedMs: number;
  acts: number;
  /** How often each fault struck. */
  struck: Record<string, number>;
}

export interface MischiefRow {
  id: string;
  /** The number of the act in its run; 0: an API request. */
  act: number;
  fault: string;
  eventId: string | null;
  eventType: string | null;
  endpointId: string | null;
  /** How late, how many, which request. */
  detail: string | null;
  /** Unix milliseconds. */
  atMs: number;
}
