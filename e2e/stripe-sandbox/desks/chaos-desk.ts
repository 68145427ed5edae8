import { MIX_PRESETS, type Chaos } from '../chaos/mix';
import { parseChaos } from '../chaos/parse-mix';
import { redactScenario } from '../chaos/redact';
import { replayScenario } from '../chaos/replay';
import { currentRun } from '../chaos/run';
import { exportRun } from '../chaos/scenario';
import type { World } from '../engine/world';
import type { ChaosDesk, MischiefRow } from '../sandbox-chaos';
import type { FaultsPatch } from '../settings';
import type { MischiefRecord } from '../store/records';
import { deskPage } from './pages';

export function chaosDesk(world: World, applySettings: (change: { faults: FaultsPatch }) => void): ChaosDesk {
  const set = (chaos: Chaos | null): void => applySettings({ faults: { chaos } });
  return {
    current: () => world.faults().chaos,
    presets: () => Object.entries(MIX_PRESETS).map(([name, mix]) => ({ name, mix })),
    set,
    begin: (mix) => set(parseChaos(mix)),
    run() {
      const { startedMs, turn, struck } = currentRun(world.store, world.nowMs());
      return { startedMs, acts: turn, struck };
    },
    done(query) {
      const { number } = currentRun(world.store, world.nowMs());
      const index = { name: 'run', key: String(number) };
      return deskPage(world.store.mischief, query, mischiefRow, { index });
    },
    exportRun: (redact) => (redact ? redactScenario(exportRun(world)) : exportRun(world)),
    replay(scenario, speed) {
      const outcome = replayScenario(world, scenario, speed);
      world.store.save();
      return outcome;
    },
  };
}

function mischiefRow(done: MischiefRecord): MischiefRow {
  const { id, turn, fault, eventId, eventType, endpointId, detail, atMs } = done;
  return { id, act: turn, fault, eventId, eventType, endpointId, detail, atMs };
}
