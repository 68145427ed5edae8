import { layOutMail, mailAdmins, queueMail } from '~/modules/mail/index.server';
import { type Tx } from '~/platform/db.server';

interface Owner {
  id: string;
  email: string;
}

type Told = 'on' | 'off' | 'new_codes' | 'reset';

const SAYS: Record<Told, { subject: string; paragraph: string }> = {
  on: {
    subject: 'Two-step log-in is on',
    paragraph:
      'From now on your account asks for a code from your authenticator app after the password. Every other log-in of yours was ended.',
  },
  off: {
    subject: 'Two-step log-in is off',
    paragraph: 'Your account opens with the password alone again. The recovery codes that you kept are void.',
  },
  new_codes: {
    subject: 'Your recovery codes are new',
    paragraph:
      'Ten new recovery codes were made for your account just now. Every code that you kept before is void.',
  },
  reset: {
    subject: 'Two-step log-in was reset by an admin',
    paragraph:
      'Your authenticator app and your recovery codes are void, and every log-in of yours was ended. Log in with your password and set up two-step log-in anew.',
  },
};

/** Tells the owner what became of their two-step log-in. */
export async function mailTwoStep(
  tx: Tx,
  owner: Owner,
  { told, now, appUrl }: { told: Told; now: Date; appUrl: string },
): Promise<void> {
  const { subject, paragraph } = SAYS[told];
  await queueMail(tx, {
    cause: `two_step_${told}:${owner.id}:${now.toISOString()}`,
    ...{ kind: `auth.two_step_${told}`, recipient: owner.email, subject },
    ...layOutMail({
      heading: subject,
      paragraphs: [paragraph],
      button: { label: 'Look at your account', url: `${appUrl}/account` },
      footnotes: ['If it was not you, change your password and tell an admin of your team.'],
    }),
  });
}

/** A recovery code that somebody else used is noticed by this mail. */
export async function mailRecoveryUsed(
  tx: Tx,
  owner: Owner,
  { id, left, appUrl }: { id: string; left: number; appUrl: string },
): Promise<void> {
  const subject = 'A recovery code was used';
  const rest = left === 0 ? 'It was the last one' : `${left} ${left === 1 ? 'is' : 'are'} left`;
  await queueMail(tx, {
    ...{ cause: `recovery_code:${id}`, kind: 'auth.recovery_used', recipient: owner.email, subject },
    ...layOutMail({
      heading: subject,
      paragraphs: [
        `One of your recovery codes stood in for the code of your authenticator app just now. ${rest}. Ten new ones are made on the page below; they make all others void.`,
      ],
      button: { label: 'Two-step log-in', url: `${appUrl}/account/two-step` },
      footnotes: ['If it was not you, change your password at once and tell an admin of your team.'],
    }),
  });
}

/** Tells every admin that one of them reset somebody’s two-step log-in. */
export async function mailAdminsOfReset(
  tx: Tx,
  { person, actor, comment, now }: { person: Owner; actor: string; comment: string; now: Date },
): Promise<void> {
  const title = 'Somebody’s two-step log-in was reset';
  await mailAdmins(tx, {
    cause: `two_step_reset:${person.id}:${now.toISOString()}`,
    ...{ kind: 'auth.two_step_reset_told', subject: title },
    content: {
      heading: title,
      paragraphs: [
        `${actor} reset the two-step log-in of ${person.email}. Until they set it up anew, their password alone opens their account.`,
        `Comment: ${comment}`,
      ],
      footnotes: ['You have this mail as an admin.'],
    },
  });
}
