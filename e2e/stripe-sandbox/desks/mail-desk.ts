import { randomText } from '../ids';
import type { World } from '../engine/world';
import type { MailDesk } from '../sandbox';

const SHOWN = 200;

/** Keeps the mail that the demo application sends, so that a person or a test can open it. */
export function mailDesk(world: World): MailDesk {
  return {
    list() {
      const found = world.store.mail.page({ limit: SHOWN });
      return found.outcome === 'page' ? found.rows : [];
    },
    find: (id) => world.store.mail.get(id),
    receive(input) {
      const mail = world.store.mail.put({
        ...input,
        id: `mail_${randomText(16)}`,
        receivedAtMs: world.nowMs(),
      });
      world.store.save();
      return mail;
    },
  };
}
