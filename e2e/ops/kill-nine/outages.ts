import { type DoomedPostgres } from './doomed-postgres';
import { type DoomedProcess } from './doomed-process';

/** A time in which no event could be processed: the database was down, or every worker. */
export interface Outage {
  from: Date;
  to: Date;
}

const LOOK_EVERY_MS = 20;

/** Notes the outages until it is stopped. */
export function watchOutages(on: { postgres: DoomedPostgres; workers: readonly DoomedProcess[] }): {
  stop: () => Outage[];
} {
  const outages: Outage[] = [];
  let from: Date | undefined;
  const look = (): void => {
    const isOut = !on.postgres.isUp || on.workers.every(({ isUp }) => !isUp);
    if (isOut) from ??= new Date();
    else if (from !== undefined) {
      outages.push({ from, to: new Date() });
      from = undefined;
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      if (from !== undefined) outages.push({ from, to: new Date() });
      return outages;
    },
  };
}
