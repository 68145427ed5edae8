import { layOutMail, mailAdmins, queueMail } from '~/modules/mail/index.server';
import { type Tx } from '~/platform/db.server';

import { type Role, ROLE_LABELS, type StaffRole } from './shared';

const named = (role: Role | 'none') =>
  role === 'none' || role === 'customer' ? 'no access to the console' : ROLE_LABELS[role];

export interface RoleMail {
  person: { id: string; name: string; email: string };
  before: Role | 'none';
  after: StaffRole | 'none';
  /** E-mail of whom it is by. */
  actor: string;
  comment: string;
  now: Date;
  appUrl: string;
}

/** A role that changes hands is told to every admin: whoever makes themselves one is seen by the others. */
export async function mailAdminsOfRole(tx: Tx, mail: RoleMail): Promise<void> {
  const { person, before, after, actor, comment, now, appUrl } = mail;
  const title = 'A role of your team was changed';
  await mailAdmins(tx, {
    cause: `role:${person.id}:${now.toISOString()}`,
    ...{ kind: 'auth.role_changed', subject: title },
    content: {
      heading: title,
      paragraphs: [
        `${actor} changed what ${person.name} (${person.email}) may do: ${named(before)} → ${named(after)}.`,
        `Comment: ${comment}`,
      ],
      button: { label: 'Look at the team', url: `${appUrl}/admin/settings/team` },
      footnotes: ['You have this mail as an admin.'],
    },
  });
}

export interface InviteMail {
  id: string;
  token: string;
  email: string;
  role: StaffRole;
  actor: string;
  appUrl: string;
}

export async function mailInvite(
  tx: Tx,
  { id, token, email, role, actor, appUrl }: InviteMail,
): Promise<void> {
  const subject = 'Join the team in the Credence console';
  await queueMail(tx, {
    ...{ cause: `invite:${id}`, kind: 'auth.invite', recipient: email, subject },
    ...layOutMail({
      heading: subject,
      paragraphs: [
        `Hello, ${actor} asks you to join as ${ROLE_LABELS[role]}. Choose a password, and you are in.`,
      ],
      button: { label: 'Choose a password', url: `${appUrl}/join?token=${token}` },
      footnotes: [
        'The link works once, within 7 days.',
        'If you do not know what this is about, do nothing.',
      ],
    }),
  });
}
