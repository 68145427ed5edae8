import { listPauses } from '~/modules/pauses/index.server';
import { type Db } from '~/platform/db.server';

import { nameActors } from './name-actors.server';
import { type PauseView } from './pause-view';

/** Every switch with the name of whoever paused it. */
export async function readPauses(db: Db): Promise<PauseView[]> {
  const switches = await listPauses(db);
  const names = await nameActors(
    db,
    switches.flatMap(({ pause }) => (pause === null ? [] : [pause.actor])),
  );
  return switches.map(({ pause, ...one }) => ({
    ...one,
    pause: pause && { ...pause, who: names.get(pause.actor) ?? pause.actor },
  }));
}
