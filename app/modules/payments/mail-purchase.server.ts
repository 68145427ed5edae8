import { type JobPayloads } from '~/modules/jobs/shared';
import { layOutMail, type MailContent, queueMail } from '~/modules/mail/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Db, inTransaction } from '~/platform/db.server';
import { formatCredits, formatMoney } from '~/platform/money';

import { type PaymentState } from './shared';

type PurchaseMail = JobPayloads['payments.mail'];

/**
 * Mails a customer what became of their payment: once per payment and kind, however often this runs, and only what still
 * holds. A customer without
 * an address reads it on their pages alone.
 */
export async function mailPurchase(
  db: Db,
  { paymentId, mail: kind }: PurchaseMail,
  appUrl: string,
): Promise<void> {
  const payment = await readPurchase(db, paymentId);
  const recipient = payment.customer.email;
  if (recipient === null || payment.state !== STATE_OF[kind]) return;
  const { subject, ...content } = write(kind, payment);
  const button = { label: 'See the payment', url: `${appUrl}/payments/${paymentId}` };
  await inTransaction(db, 'mail purchase', (tx) =>
    queueMail(tx, {
      cause: `payment:${paymentId}`,
      kind: `payments.${kind}`,
      recipient,
      subject,
      ...layOutMail({ ...content, button }),
    }),
  );
}

/** A mail that waited while its payment rose would say what is true no more. */
const STATE_OF: Record<PurchaseMail['mail'], PaymentState> = {
  credits_added: 'paid',
  in_review: 'review',
  failed: 'failed',
};

type Purchase = Awaited<ReturnType<typeof readPurchase>>;

function readPurchase(db: Db, id: string) {
  return db.payment.findUniqueOrThrow({
    where: { id },
    select: {
      state: true,
      kind: true,
      card: true,
      credits: true,
      currency: true,
      amountSubtotal: true,
      amountPaid: true,
      version: { select: { name: true } },
      customer: { select: { email: true, name: true } },
    },
  });
}

function write(kind: PurchaseMail['mail'], payment: Purchase): MailContent & { subject: string } {
  const credits = payment.credits === 0n ? 'credits' : `${formatCredits(payment.credits)} credits`;
  const paid = formatMoney(payment.amountPaid ?? payment.amountSubtotal, payment.currency);
  const pack = payment.version?.name ?? 'your order';
  const greeting = payment.customer.name === null ? 'Hello,' : `Hello ${payment.customer.name},`;
  switch (kind) {
    case 'credits_added':
      if (payment.kind === 'topup') return writeTopUp(payment, { greeting, credits, paid, pack });
      return {
        subject: `${credits} added`,
        heading: `${credits} added`,
        paragraphs: [
          payment.amountPaid === 0n
            ? `${greeting} your order of ${pack} is complete; there was nothing to pay. Your credits are ready to spend.`
            : `${greeting} we received ${paid} for ${pack}. Your credits are ready to spend.`,
        ],
        ...(payment.amountPaid === 0n || payment.kind === 'offline'
          ? {}
          : { footnotes: ['The receipt and the invoice are on the page of the payment.'] }),
      };
    case 'in_review':
      return {
        subject: 'Your payment is being checked',
        heading: 'Your payment is being checked',
        paragraphs: [
          `${greeting} we received your payment for ${pack}. Something about it needs a person’s look before your ${credits} are added.`,
          'You need to do nothing. Please do not pay again.',
        ],
      };
    case 'failed':
      return {
        subject: 'Your payment did not go through',
        heading: 'Your payment did not go through',
        paragraphs: [
          `${greeting} your bank did not confirm the payment of ${paid} for ${pack}. No credits were added.`,
          'You can choose a pack and pay again at any time.',
        ],
      };
    default:
      return assertNever(kind);
  }
}

/** The receipt of what nobody was there to buy: it says why, what was charged, and how to stop it. */
function writeTopUp(
  { card }: Purchase,
  { greeting, credits, paid, pack }: { greeting: string; credits: string; paid: string; pack: string },
): MailContent & { subject: string } {
  const charged = card === null ? 'your saved card' : `your saved card (${card})`;
  return {
    subject: `${credits} bought automatically`,
    heading: `${credits} bought automatically`,
    paragraphs: [
      `${greeting} your credits fell below what you set, so we charged ${charged} ${paid} for ${pack}, as you agreed. Your credits are ready to spend.`,
    ],
    footnotes: [
      'The receipt is on the page of the payment.',
      'You change or switch off automatic top-up under “Automatic top-up” in your account’s menu.',
    ],
  };
}
