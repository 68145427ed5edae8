import { type EvidenceLine } from '~/modules/findings/shared';
import { type StripeFact } from '~/modules/stripe/shared';

import { inUnits, inWords } from './difference';
import { type OurPayment } from './load-ours.server';
import { type Ours } from './ours';

/** Both sides of an object as they stand, where nothing differs any more. */
export function describe(fact: StripeFact, ours: Ours): EvidenceLine[] {
  switch (fact.kind) {
    case 'session':
      return ofPayment(
        `${fact.status ?? 'no state'}, ${fact.paymentStatus}`,
        ours.payment(fact.ours.payment, 'id') ?? ours.payment(fact.id, 'session'),
      );
    case 'intent':
      return ofPayment(
        fact.status,
        ours.payment(fact.id, 'moneyObject', 'intent') ?? ours.payment(fact.ours.payment, 'id'),
      );
    case 'charge':
      return ofPayment(fact.status, ours.payment(fact.intentId, 'moneyObject', 'intent'));
    case 'invoice':
      return ofPayment(fact.status ?? 'no state', ours.payment(fact.id, 'invoice', 'moneyObject'));
    case 'refund':
    case 'dispute': {
      const row = ours.moneyBack(fact.id, fact.ours.row);
      return [
        inWords(fact.kind === 'refund' ? 'Refund' : 'Dispute', fact.status, row?.status ?? null),
        inUnits('Amount', fact.currency, fact.amount, row?.amount ?? null),
      ];
    }
    case 'subscription':
      return [inWords('Status', fact.status, ours.subscription(fact.id)?.status ?? null)];
    case 'charge_refunds':
    case 'card':
    case 'card_setup':
      return [];
  }
}

const ofPayment = (says: string, payment: OurPayment | undefined): EvidenceLine[] => [
  inWords('Payment', says, payment?.state ?? null),
  ...(payment === undefined ? [] : [inUnits('Credits', 'credits', payment.credits, payment.granted)]),
];
