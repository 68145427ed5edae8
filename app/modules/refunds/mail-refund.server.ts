import { layOutMail, queueMail } from '~/modules/mail/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { formatMoney } from '~/platform/money';

/**
 * Tells a customer that their money is on its way back, whoever refunded it: once per refund, however often this runs, and
 * only while it holds. A customer without an address reads it on their pages alone.
 */
export async function mailRefund(db: Db, { refundId }: { refundId: string }, appUrl: string): Promise<void> {
  const { level, amount, currency, payment } = await db.moneyBack.findUniqueOrThrow({
    where: { id: refundId },
    select: {
      level: true,
      amount: true,
      currency: true,
      payment: {
        select: {
          id: true,
          amountPaid: true,
          version: { select: { name: true } },
          customer: { select: { email: true, name: true } },
        },
      },
    },
  });
  const { email: recipient, name } = payment.customer;
  if (recipient === null || level !== 'gone') return;
  const money = formatMoney(amount, currency);
  const isAll = amount === payment.amountPaid;
  const order = payment.version?.name ?? 'your order';
  const content = {
    heading: `${money} refunded`,
    paragraphs: [
      `${name === null ? 'Hello,' : `Hello ${name},`} we refunded ${money} for ${order}. It goes back to how you paid; banks take five to ten days to show it.`,
      isAll
        ? 'The credits of this payment are no longer yours to spend.'
        : 'The same share of its credits is no longer yours to spend.',
    ],
    button: { label: 'See the payment', url: `${appUrl}/payments/${payment.id}` },
  };
  await inTransaction(db, 'mail refund', (tx) =>
    queueMail(tx, {
      cause: `refund:${refundId}`,
      kind: 'refunds.done',
      recipient,
      subject: content.heading,
      ...layOutMail(content),
    }),
  );
}
