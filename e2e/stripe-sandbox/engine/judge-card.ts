import {
  A_TEST_CARD,
  findCardByNumber,
  NOT_A_TEST_CARD,
  passesLuhn,
  type CardBehaviour,
  type Refusal,
} from './cards';
import { liveCard } from './methods/live-cards';
import type { World } from './world';

/** A card as it was typed. */
export interface TypedCard {
  number: string;
  expMonth: string;
  expYear: string;
  /** `null`: it was not asked for. */
  cvc: string | null;
}

export type CardParam = 'number' | 'exp_month' | 'exp_year' | 'cvc';

export type CardJudgement =
  | { outcome: 'usable'; behaviour: CardBehaviour; expMonth: number; expYear: number }
  | {
      outcome: 'invalid';
      param: CardParam;
      code:
        | 'incorrect_number'
        | 'invalid_number'
        | 'invalid_expiry_month'
        | 'invalid_expiry_year'
        | 'invalid_cvc';
      message: string;
    }
  /** A real card in test mode, or a test card in live mode. */
  | { outcome: 'refused'; refusal: Refusal };

const invalidCard = (
  param: CardParam,
  code: Extract<CardJudgement, { outcome: 'invalid' }>['code'],
  message: string,
): CardJudgement => ({ outcome: 'invalid', param, code, message });

/** The checks that need no issuer: number, expiry, security code. */
export function judgeCard(world: World, card: TypedCard): CardJudgement {
  const digits = card.number.replace(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(digits))
    return invalidCard('number', 'invalid_number', 'Your card number is invalid.');
  if (!passesLuhn(digits) && !findCardByNumber(digits)) {
    return invalidCard('number', 'incorrect_number', 'Your card number is incorrect.');
  }
  const month = /^\d{1,2}$/.test(card.expMonth.trim()) ? Number(card.expMonth) : 0;
  if (month < 1 || month > 12) {
    return invalidCard('exp_month', 'invalid_expiry_month', "Your card's expiration month is invalid.");
  }
  const year = fullYear(card.expYear.trim());
  const today = new Date(world.nowMs());
  const isPast =
    year < today.getUTCFullYear() || (year === today.getUTCFullYear() && month < today.getUTCMonth() + 1);
  if (isPast || year > today.getUTCFullYear() + 50) {
    return invalidCard('exp_year', 'invalid_expiry_year', "Your card's expiration year is invalid.");
  }
  const cvcLength = /^3[47]/.test(digits) ? 4 : 3;
  if (card.cvc !== null && !new RegExp(`^\\d{${cvcLength}}$`).test(card.cvc.trim())) {
    return invalidCard('cvc', 'invalid_cvc', "Your card's security code is invalid.");
  }
  const testCard = findCardByNumber(digits);
  if (world.livemode && testCard) return { outcome: 'refused', refusal: A_TEST_CARD };
  const behaviour = world.livemode ? liveCard(digits) : testCard;
  if (!behaviour) return { outcome: 'refused', refusal: NOT_A_TEST_CARD };
  return { outcome: 'usable', behaviour, expMonth: month, expYear: year };
}

/** Two digits mean this century. */
function fullYear(text: string): number {
  if (/^\d{2}$/.test(text)) return 2000 + Number(text);
  return /^\d{4}$/.test(text) ? Number(text) : 0;
}
