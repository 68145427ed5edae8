/** The questions and papers of payments and setups that no Checkout Session leads. */
export interface IntentDesk {
  /** The 3DS question of a payment or setup; undefined: there is no such intent, or its session asks. */
  challenge(intentId: string): IntentChallenge | undefined;
  answer(intentId: string, answer: 'complete' | 'fail'): IntentAnswer;
  mandate(mandateId: string): MandateView | undefined;
}

export interface IntentChallenge {
  businessName: string;
  livemode: boolean;
  /** null: a method is to be saved. */
  amount: { value: number; currency: string } | null;
  /** false: it is answered already, or was never asked. */
  isOpen: boolean;
}

export type IntentAnswer =
  /** `redirectTo` null: the application did not say where to go. */
  { outcome: 'answered'; redirectTo: string | null } | { outcome: 'no_challenge' };

export interface MandateView {
  businessName: string;
  livemode: boolean;
  /** What the debtor's bank shows. */
  reference: string;
  /** Unix seconds; null: nobody said when. */
  acceptedAt: number | null;
  isActive: boolean;
}
