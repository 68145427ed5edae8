import { type ReactNode } from 'react';

import { Step, Stepper } from '~/components/ui/stepper';

import { type PaymentWords } from './payment-words';

export interface PaymentStepsProps {
  words: PaymentWords;
  /** What the last step says once the credits are there. */
  added: ReactNode;
}

/** Paid → confirmed → credits added, as far as the facts have come. Each step keeps the room that its words need. */
export function PaymentSteps({ words, added }: PaymentStepsProps) {
  const [paid, confirmed, credits] = words.steps;
  const [ofPaid, ofConfirmed] = words.says;
  return (
    <Stepper label="Progress of this payment">
      <Step state={paid} title={paid === 'done' ? 'Paid' : paid === 'failed' ? 'Not paid' : 'Payment'}>
        <StepText>{ofPaid}</StepText>
      </Step>
      <Step state={confirmed} title="Confirmed by Stripe">
        <StepText>{ofConfirmed}</StepText>
      </Step>
      <Step state={credits} title="Credits added">
        <StepText>{credits === 'done' ? added : undefined}</StepText>
      </Step>
    </Stepper>
  );
}

function StepText({ children }: { children: ReactNode }) {
  return <div className="min-h-10 sm:min-h-5">{children}</div>;
}
