import { type JobHandlers } from '~/modules/jobs/shared';
import { sendQueuedMail } from '~/modules/mail/index.server';
import { type Db } from '~/platform/db.server';

/** Which room does which job. */
export function jobHandlers(db: Db): JobHandlers {
  return {
    'mail.send': async ({ mailId }) => {
      await sendQueuedMail(db, mailId);
    },
  };
}
