import { type Tx } from '~/platform/db.server';

import { layOutMail, type MailContent } from './lay-out-mail.server';
import { queueMail } from './queue-mail.server';

export interface AdminMail {
  /** What makes it necessary: told again, it is not sent again. */
  cause: string;
  kind: string;
  subject: string;
  content: MailContent;
}

/** More admins than this are told by those who are. */
const MOST = 100;

/** One mail to each admin. */
export async function mailAdmins(tx: Tx, { cause, kind, subject, content }: AdminMail): Promise<void> {
  const admins = await tx.user.findMany({
    where: { role: 'admin' },
    select: { id: true, email: true },
    orderBy: { id: 'asc' },
    take: MOST,
  });
  for (const { id, email } of admins)
    await queueMail(tx, { cause: `${cause}:${id}`, kind, recipient: email, subject, ...layOutMail(content) });
}
