import * as z from 'zod';
import { formatAmount } from '../amounts';
import { judgeRefund } from '../engine/refunds/judge-refund';
import type { World } from '../engine/world';
import { bool, integer, metadata, oneOf, text } from './params';
import { conflict, invalid, notPlayed, type Refusal } from './refusal';
import type Stripe from 'stripe';

export const createRefundParams = z.strictObject({
  amount: integer().optional(),
  charge: text().optional(),
  currency: text().optional(),
  customer: text().optional(),
  instructions_email: text().optional(),
  metadata: metadata().default({}),
  origin: oneOf(['customer_balance']).optional(),
  payment_intent: text().optional(),
  reason: oneOf(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  refund_application_fee: bool().default(false),
  reverse_transfer: bool().default(false),
});
type CreateRefundParams = z.output<typeof createRefundParams>;

/** Refunds of customer balances and of connected accounts are refused: their objects are not here. */
export function checkRefundParams(params: CreateRefundParams): void {
  if (params.origin !== undefined) throw notPlayed('refunds of a customer balance', 'origin');
  if (params.currency !== undefined) throw notPlayed('refunds of a customer balance', 'currency');
  if (params.customer !== undefined) throw notPlayed('refunds of a customer balance', 'customer');
  if (params.refund_application_fee) throw notPlayed('application fees', 'refund_application_fee');
  if (params.reverse_transfer) throw notPlayed('transfers', 'reverse_transfer');
  if (params.payment_intent === undefined && params.charge === undefined) {
    throw invalid(
      'One of the following params should be provided for this request: payment_intent or charge.',
    );
  }
  if (params.payment_intent !== undefined && params.charge !== undefined) {
    throw invalid('You may only specify one of these parameters: payment_intent, charge.');
  }
  if (params.amount !== undefined && params.amount < 1) {
    throw invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
}

/** The amount that is refunded, in the smallest unit. */
export function refundableAmount(world: World, charge: Stripe.Charge, wanted: number | null): number {
  const judged = judgeRefund(world, charge, wanted);
  const intent = String(charge.payment_intent);
  switch (judged.outcome) {
    case 'allowed':
      return judged.amount;
    case 'not_paid':
      throw unpaidIntent(intent);
    case 'uncaptured':
      throw conflict(
        `This uncaptured Charge was created by a PaymentIntent (${intent}). You must cancel the PaymentIntent to reverse the authorization instead of refunding the Charge directly. For more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method`,
        undefined,
      );
    case 'charged_back':
      throw conflict(`Charge ${charge.id} has been charged back; cannot issue a refund.`, 'charge_disputed');
    case 'nothing_left':
      throw conflict(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
    case 'too_much': {
      const [amount, left] = [judged.amount, judged.left].map((one) => formatAmount(one, charge.currency));
      const code = world.settings().overRefundCode;
      throw conflict(
        `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
        code === 'none' ? undefined : code,
        { param: 'amount' },
      );
    }
  }
}

export function unpaidIntent(intentId: string): Refusal {
  return conflict(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, undefined);
}
