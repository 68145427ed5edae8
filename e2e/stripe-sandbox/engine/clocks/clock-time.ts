import { randomText } from '../../ids';
import type { Task } from '../../store/records';
import type { World } from '../world';

/** The time of a customer, subscription or invoice in Unix seconds: its test clock's, or the sandbox's own. */
export function clockNow(world: World, clock: string | null): number {
  return clock === null ? world.now() : world.store.testClocks.must(clock).frozen_time;
}

/**
 * Does `kind` to `subject` at `atSeconds` (Unix seconds). With a test clock only an advance over that time does it,
 * in order of time, then of asking, and `clockNow` says that time while it is done.
 */
export function laterOn(
  world: World,
  clock: string | null,
  kind: Task['kind'],
  subject: string,
  atSeconds: number,
): void {
  const atMs = atSeconds * 1000;
  if (clock === null) world.later(kind, subject, atMs);
  else world.store.tasks.put({ id: `task_${randomText(16)}`, kind, subject, atMs, clock });
}
