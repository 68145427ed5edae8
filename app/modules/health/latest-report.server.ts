import { stripeSettings } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';
import { env } from '~/platform/env.server';

import { examine } from './examine.server';
import { type DoctorReport } from './shared';

const globals: { credenceDoctor?: { latest?: DoctorReport; running?: Promise<DoctorReport> } } =
  globalThis as { credenceDoctor?: { latest?: DoctorReport; running?: Promise<DoctorReport> } };

/** What this web process last found; undefined before it was asked. */
export const latestReport = (): DoctorReport | undefined => globals.credenceDoctor?.latest;

/** Examines this installation for the console. Who asks while another examination runs gets its report. */
export async function examineNow(): Promise<DoctorReport> {
  const state = (globals.credenceDoctor ??= {});
  state.running ??= examine({ db: db(), env: env(), settings: stripeSettings() }).finally(() => {
    delete state.running;
  });
  state.latest = await state.running;
  return state.latest;
}
