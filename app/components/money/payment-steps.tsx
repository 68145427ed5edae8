import { Step, type StepState, Stepper } from '~/components/ui/stepper';
import { type CustomerPaymentView, type PaymentState } from '~/modules/payments/shared';

import { Credits } from './credits';

export interface PaymentStepsProps {
  payment: CustomerPaymentView;
  balance: bigint;
  /** The browser was sent back by Stripe's page, so the customer believes that they paid. */
  cameBack: boolean;
}

type Steps = readonly [paid: StepState, confirmed: StepState, added: StepState];

const STEPS: Record<PaymentState, Steps> = {
  created: ['waiting', 'waiting', 'waiting'],
  open: ['current', 'waiting', 'waiting'],
  processing: ['done', 'current', 'waiting'],
  expired: ['failed', 'waiting', 'waiting'],
  canceled: ['failed', 'waiting', 'waiting'],
  failed: ['failed', 'waiting', 'waiting'],
  review: ['done', 'current', 'waiting'],
  paid: ['done', 'done', 'done'],
};

const PAID_TITLE: Record<StepState, string> = {
  done: 'Paid',
  current: 'Payment',
  waiting: 'Payment',
  failed: 'Not paid',
};

const PAID_TEXT: Record<PaymentState, string> = {
  created: 'The payment page is not open yet.',
  open: 'Nothing has been taken from your card.',
  processing: 'Your bank is working on it.',
  expired: 'Nothing was taken. Choose a pack again whenever you like.',
  canceled: 'Nothing was taken.',
  failed: 'Nothing was taken.',
  review: 'We received your payment.',
  paid: 'We received your payment.',
};

const CONFIRMED_TEXT: Record<PaymentState, string | undefined> = {
  created: undefined,
  open: undefined,
  processing: 'Some banks take several days. You can close this page; the credits come without it.',
  expired: undefined,
  canceled: undefined,
  failed: undefined,
  review: 'A person looks at it before the credits are added. Do not pay again.',
  paid: 'Stripe confirmed the payment.',
};

/** Paid → confirmed → credits added, as far as the facts have come. */
export function PaymentSteps({ payment, balance, cameBack }: PaymentStepsProps) {
  const isConfirming = cameBack && payment.state === 'open';
  const [paid, confirmed, added] = isConfirming ? STEPS.processing : STEPS[payment.state];
  return (
    <Stepper label="Progress of this payment">
      <Step state={paid} title={PAID_TITLE[paid]}>
        {isConfirming ? 'You finished the payment page.' : PAID_TEXT[payment.state]}
      </Step>
      <Step state={confirmed} title="Confirmed by Stripe">
        {isConfirming
          ? 'This takes a few seconds. You can close this page; your credits come without it.'
          : CONFIRMED_TEXT[payment.state]}
      </Step>
      <Step state={added} title="Credits added">
        {payment.state === 'paid' ? (
          <>
            <Credits value={payment.credits} unit /> added; you have <Credits value={balance} unit /> now.
          </>
        ) : undefined}
      </Step>
    </Stepper>
  );
}
