import { type JobPayloads } from '~/modules/jobs/shared';
import { layOutMail, type MailContent, queueMail } from '~/modules/mail/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { formatMoney } from '~/platform/money';
import { utcDay } from '~/platform/time';

type PlanMail = JobPayloads['subscriptions.mail'];

/**
 * Tells a customer that a plan's payment needs them: once per invoice and kind, however often this runs, and only while
 * the invoice is still owed.
 */
export async function mailPlan(db: Db, mail: PlanMail, appUrl: string): Promise<void> {
  const row = await db.subscription.findUniqueOrThrow({
    where: { id: mail.subscriptionId },
    select: {
      owedInvoice: true,
      owedAmount: true,
      nextTryAt: true,
      currency: true,
      version: { select: { name: true } },
      customer: { select: { email: true, name: true } },
    },
  });
  const { email, name } = row.customer;
  if (email === null || row.owedInvoice !== mail.invoiceId || row.owedAmount === null) return;
  const { subject, ...content } = write(mail.mail, {
    greeting: name === null ? 'Hello,' : `Hello ${name},`,
    plan: row.version?.name ?? 'your plan',
    owed: formatMoney(row.owedAmount, row.currency),
    nextTry: row.nextTryAt === null ? undefined : utcDay(row.nextTryAt),
  });
  const button = { label: 'See your plan', url: `${appUrl}/plan` };
  await inTransaction(db, 'mail plan', (tx) =>
    queueMail(tx, {
      cause: `invoice:${mail.invoiceId}`,
      kind: `subscriptions.${mail.mail}`,
      recipient: email,
      subject,
      ...layOutMail({ ...content, button }),
    }),
  );
}

function write(
  kind: PlanMail['mail'],
  {
    greeting,
    plan,
    owed,
    nextTry,
  }: { greeting: string; plan: string; owed: string; nextTry: string | undefined },
): MailContent & { subject: string } {
  if (kind === 'payment_failed')
    return {
      subject: 'The payment for your plan did not go through',
      heading: 'The payment for your plan did not go through',
      paragraphs: [
        `${greeting} your bank refused the payment of ${owed} for ${plan}. The credits of the new period are added as soon as it is paid.`,
        nextTry === undefined
          ? 'Pay it or change your card on the page of your plan. The card is not tried again by itself, and a plan that stays unpaid ends.'
          : `Pay it or change your card on the page of your plan. Until then the card is tried again on ${nextTry}; a plan that stays unpaid ends.`,
      ],
    };
  return {
    subject: 'Your bank asks you to confirm a payment',
    heading: 'Your bank asks you to confirm a payment',
    paragraphs: [
      `${greeting} your bank wants you to confirm the payment of ${owed} for ${plan} yourself.`,
      'Open the page of your plan and confirm it there. Until then the credits of the new period are not added.',
    ],
  };
}
