import { type ReactNode } from 'react';

import { Step, Stepper } from '~/components/ui/stepper';

import { type PaymentWords } from './payment-words';

export interface PaymentStepsProps {
  words: PaymentWords;
  /** What the last step says once the credits are there. */
  added: ReactNode;
}

const ROOM = 'min-h-10 sm:min-h-5';

/** Paid → confirmed → credits added, as far as the facts have come. The steps that find words keep the room for them. */
export function PaymentSteps({ words, added }: PaymentStepsProps) {
  const [paid, confirmed, credits] = words.steps;
  const [ofPaid, ofConfirmed] = words.says;
  return (
    <Stepper label="Progress of this payment">
      <Step state={paid} title={paid === 'done' ? 'Paid' : paid === 'failed' ? 'Not paid' : 'Payment'}>
        <div className={ROOM}>{ofPaid}</div>
      </Step>
      <Step state={confirmed} title={`Confirmed by ${words.confirmedBy}`}>
        <div className="min-h-5">{ofConfirmed}</div>
      </Step>
      <Step state={credits} title="Credits added">
        <div className={ROOM}>{credits === 'done' ? added : undefined}</div>
      </Step>
    </Stepper>
  );
}
