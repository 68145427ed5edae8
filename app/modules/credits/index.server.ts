/**
 * Automatic top-ups: a customer agrees once, in words that are kept, and a saved card buys a pack whenever their credits
 * fall below what they set. Everything that buys or pauses is one look at the rows (`reviewTopUp`); what it buys is a
 * payment like any other and becomes credits in `settlePayment` alone.
 */
export { agree, type AgreeInput, type AgreeOutcome } from './agree.server';
export { agreeSchema } from './agree-schema.server';
export { applyCard } from './apply-card.server';
export { applyCardSession } from './apply-card-session.server';
export { mailCap, mailTopUp } from './mail-top-up.server';
export { recordSetupCall } from './record-setup-call.server';
export { reviewTopUp } from './review-top-up.server';
export { seeTopUp } from './see-top-up.server';
export { sweepTopUps } from './sweep-top-ups.server';
export { switchOff } from './switch-off.server';
export { eraseCards } from './erase-cards.server';
