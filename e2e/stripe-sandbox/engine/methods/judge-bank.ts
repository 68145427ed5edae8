import type { World } from '../world';
import { isIban, isRoutingNumber, type DebitKind } from './debits';

/** A bank account as it was typed. */
export type TypedAccount =
  | { kind: 'sepa_debit'; iban: string }
  | { kind: 'us_bank_account'; routingNumber: string; accountNumber: string };

export type BankParam = 'iban' | 'routing_number' | 'account_number';

export type BankJudgement =
  /** `number` is what the account's behaviour is looked up by. */
  | { outcome: 'usable'; kind: DebitKind; number: string }
  | { outcome: 'invalid'; param: BankParam; code: string; message: string };

/** The checks that need no bank. */
export function judgeBank(world: World, account: TypedAccount): BankJudgement {
  if (account.kind === 'sepa_debit') {
    const iban = account.iban.replace(/\s/g, '').toUpperCase();
    if (isIban(iban, world.livemode)) return { outcome: 'usable', kind: account.kind, number: iban };
    const message = 'The IBAN you provided is invalid.';
    return { outcome: 'invalid', param: 'iban', code: 'invalid_bank_account_iban', message };
  }
  const routing = account.routingNumber.trim();
  const number = account.accountNumber.replace(/[\s-]/g, '');
  if (!isRoutingNumber(routing)) {
    const message = 'The bank routing number provided is invalid.';
    return { outcome: 'invalid', param: 'routing_number', code: 'routing_number_invalid', message };
  }
  if (!/^\d{4,17}$/.test(number)) {
    const message = 'The bank account number provided is invalid (e.g., missing digits).';
    return { outcome: 'invalid', param: 'account_number', code: 'account_number_invalid', message };
  }
  return { outcome: 'usable', kind: account.kind, number: `${routing}/${number}` };
}
