import { mailAdmins } from '~/modules/mail/index.server';
import { type Tx } from '~/platform/db.server';

import { type Claim } from './claimed-event.server';

/** An hour of UTC, such as 2026-11-21T18. */
const hourOf = (at: Date): string => at.toISOString().slice(0, 13);

/**
 * Mails every admin that an event died, in the transaction in which it dies. A fault that kills many sends one mail an
 * hour per code and realm; while it goes on, the next hour's first tells again.
 */
export async function tellDead(
  tx: Tx,
  claim: Claim,
  dead: { type: string; code: string; detail: string; at: Date },
): Promise<void> {
  const { type, code, detail, at } = dead;
  const subject = `Webhook events die: ${code}`;
  await mailAdmins(tx, {
    cause: `event.dead:${claim.realmId}:${code}:${hourOf(at)}`,
    kind: 'webhooks.dead',
    subject,
    content: {
      heading: subject,
      paragraphs: [
        `${claim.eventId} (${type}) of ${claim.realmId} could not be processed: ${detail}.`,
        'It is kept, and nothing of it was done. Others may have died for the same reason since.',
        `Once the cause is gone, replay them: npm run credence -- replay --status dead --code ${code} --reason "…" --dry-run shows first what would happen.`,
      ],
      footnotes: ['You have this mail as an admin, once an hour for each code while events die of it.'],
    },
  });
}
