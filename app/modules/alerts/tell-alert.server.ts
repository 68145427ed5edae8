import { addJob } from '~/modules/jobs/index.server';
import { layOutMail, mailAdmins, type MailContent, queueMail } from '~/modules/mail/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { ALERTS, isAlertKind, type Severity, type Telling } from './shared';

const MARK: Record<Telling, string> = { raised: '', reminded: 'Still: ', resolved: 'Over: ' };
const SEVERITY: Record<Severity, string> = { critical: 'Critical', warning: 'Warning' };

/** Writes the mails and the webhook of one telling, with the move that made it due: they are sent after it commits. */
export async function tellAlert(
  tx: Tx,
  { alertId, what, appUrl }: { alertId: string; what: Telling; appUrl: string },
): Promise<void> {
  const { kind, subject, detail, page, told, raisedAt } = await tx.alert.findUniqueOrThrow({
    where: { id: alertId },
    select: { kind: true, subject: true, detail: true, page: true, told: true, raisedAt: true },
  });
  if (!isAlertKind(kind)) return;
  const { label, severity, means, todo } = ALERTS[kind];
  const title = `${MARK[what]}${label}`;
  const url = `${appUrl}${page}`;
  const content: MailContent = {
    heading: title,
    paragraphs:
      what === 'resolved'
        ? ['It is not so any more.', `It was: ${detail}`]
        : [detail, means, `What to do: ${todo}`],
    button: { label: 'Open in the console', url },
    footnotes: [
      `${SEVERITY[severity]} alert ${alertId}, telling ${told}. It is told once, again while it stands, and once when it is over.`,
      'Who is told of what, and from which threshold on, is set in the console: Settings, Alerts.',
    ],
  };
  const channel = await tx.alertChannel.findUnique({ where: { id: 1 } });
  await mailTo(tx, channel?.mailTo ?? [], {
    ...{ cause: `alert:${alertId}:${told}`, kind: `alerts.${what}` },
    ...{ subject: `[${SEVERITY[severity]}] ${title}`, content },
  });
  if (channel === null || channel.webhookUrl === null) return;
  const alert = {
    id: alertId,
    kind,
    severity,
    label,
    subject,
    detail,
    means,
    todo,
    url,
    telling: told,
    raisedAt,
  };
  const text = `[${SEVERITY[severity]}] ${title}: ${detail} ${url}`;
  const noticeId = newId('aln');
  const body = JSON.stringify({ type: `alert.${what}`, text, alert });
  await tx.alertNotice.create({
    data: { id: noticeId, alertId, n: told, what, body },
    select: { id: true },
  });
  await addJob(tx, 'alerts.send', { noticeId }, { key: `alerts.send:${noticeId}` });
}

interface AlertMail {
  cause: string;
  kind: string;
  subject: string;
  content: MailContent;
}

/** To every admin, unless addresses were chosen. */
async function mailTo(tx: Tx, addresses: readonly string[], mail: AlertMail): Promise<void> {
  if (addresses.length === 0) return mailAdmins(tx, mail);
  const { cause, kind, subject, content } = mail;
  for (const [n, recipient] of addresses.entries())
    await queueMail(tx, { cause: `${cause}:${n}`, kind, recipient, subject, ...layOutMail(content) });
}
