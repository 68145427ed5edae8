import Coins from 'lucide-react/icons/coins';
import { type PaymentView } from '~/modules/admin/shared';
import { REVIEW_REASON_LABEL, REVIEW_REASONS } from '~/modules/webhooks/shared';
import { formatCredits } from '~/platform/money';
import { ActDialog } from './act-dialog';
import { BeforeAfter } from './before-after';
import { CheckWithStripe } from './check-with-stripe';
import { isActedOn, useConsole } from './console-context';
import { ExportIncident } from './export-incident';
import { RefundDialog } from './refund-dialog';

/** What staff may do with a payment as it stands. Without the key of its realm, and in the other book, it is read only. */
export function PaymentActs({ payment, mayExport }: { payment: PaymentView; mayExport: boolean }) {
  const surroundings = useConsole();
  if (!isActedOn(surroundings, payment.realm) || payment.kind === 'offline') return null;
  const isSettled = payment.state === 'paid' || payment.state === 'review';
  const isRefundable = isSettled && (payment.amountPaid ?? 0n) > 0n && payment.stripeIntent !== null;
  return (
    <>
      {payment.state === 'review' && payment.kind !== 'plan' ? <GrantReview payment={payment} /> : null}
      <CheckWithStripe about={payment.id} label="Check with Stripe" />
      {mayExport ? <ExportIncident about={payment.id} /> : null}
      {isRefundable ? <RefundDialog paymentId={payment.id} currency={payment.currency} /> : null}
    </>
  );
}

function GrantReview({ payment }: { payment: PaymentView }) {
  const credits = formatCredits(payment.credits);
  return (
    <ActDialog
      opener={{ label: 'Grant', icon: Coins, variant: 'primary' }}
      title="Grant what it sold"
      description="Stripe is asked once more what was paid. Events of it that come late grant nothing more."
      action={`/admin/payments/${payment.id}/review`}
      intent="grant"
      reasons={REVIEW_REASONS.map((value) => ({ value, label: REVIEW_REASON_LABEL[value] }))}
      submitLabel={`Grant ${credits} credits`}
      pendingLabel="Asking Stripe…"
    >
      <BeforeAfter
        label="What will change"
        changes={[
          { label: 'State', before: 'In review', after: 'Paid' },
          { label: 'Credits of it', before: '0', after: credits },
        ]}
      />
    </ActDialog>
  );
}
