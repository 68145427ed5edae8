import { appendAudit, type Author } from '~/modules/audit/index.server';
import { addressFault, type AddressRules, newSecret } from '~/modules/outbox/index.server';
import { type AddressFault } from '~/modules/outbox/shared';
import { type Db, type Tx } from '~/platform/db.server';

import { type AlertChannelView } from './shared';

export type SetAlertChannelOutcome =
  /** `secret` signs from now on; it is shown this once, and only when the address is new. */
  | { outcome: 'set'; secret: string | undefined }
  | { outcome: 'unchanged' }
  /** Requests may not go there. */
  | { outcome: 'refused'; fault: AddressFault };

const VIEW = { mailTo: true, webhookUrl: true } as const;

/** Who is told. */
export async function readAlertChannel(db: Db | Tx): Promise<AlertChannelView> {
  return (
    (await db.alertChannel.findUnique({ where: { id: 1 }, select: VIEW })) ?? { mailTo: [], webhookUrl: null }
  );
}

/** Sets who is told. Another webhook address gets another secret. */
export async function setAlertChannel(
  tx: Tx,
  channel: AlertChannelView,
  rules: AddressRules,
  by: Author & { reason: string },
): Promise<SetAlertChannelOutcome> {
  const { mailTo, webhookUrl } = channel;
  const fault = webhookUrl === null ? undefined : addressFault(webhookUrl, rules);
  if (fault !== undefined) return { outcome: 'refused', fault };
  await tx.$queryRaw`SELECT id FROM alert_channel WHERE id = 1 FOR NO KEY UPDATE`;
  const before = await readAlertChannel(tx);
  if (JSON.stringify(before) === JSON.stringify({ mailTo, webhookUrl })) return { outcome: 'unchanged' };
  const isNew = webhookUrl !== null && webhookUrl !== before.webhookUrl;
  const secret = isNew ? newSecret() : undefined;
  const webhookSecret = webhookUrl === null ? null : secret;
  await tx.alertChannel.upsert({
    where: { id: 1 },
    create: { id: 1, mailTo, webhookUrl, webhookSecret: webhookSecret ?? null },
    update: { mailTo, webhookUrl, ...(webhookSecret === undefined ? {} : { webhookSecret }) },
    select: { id: true },
  });
  const counted = ({ mailTo: to, webhookUrl: url }: AlertChannelView) => ({
    addresses: to.length,
    webhookUrl: url,
  });
  const after = counted({ mailTo, webhookUrl });
  await appendAudit(tx, {
    ...by,
    act: 'alert_channel.changed',
    subject: 'alerts',
    before: counted(before),
    after,
  });
  return { outcome: 'set', secret };
}
