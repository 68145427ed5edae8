import type Stripe from 'stripe';
import { idIn, type World } from '../world';
import { isDebit } from './record-transaction';

type Funds = Stripe.Balance.Available & { source_types: { bank_account?: number; card: number } };

/** The account's money, per currency: what may be paid out, and what is still on its way. */
export function sumBalance(world: World): Stripe.Balance {
  const available = new Map<string, Funds>();
  const pending = new Map<string, Funds>();
  const currency = world.account.default_currency ?? 'usd';
  for (const funds of [available, pending]) funds.set(currency, noFunds(currency));
  for (const transaction of world.store.balanceTransactions.all()) {
    add(
      transaction.status === 'available' ? available : pending,
      transaction,
      isBankMoney(world, transaction),
    );
  }
  return {
    object: 'balance',
    available: [...available.values()],
    livemode: world.livemode,
    pending: [...pending.values()],
  };
}

function noFunds(currency: string): Funds {
  return { amount: 0, currency, source_types: { card: 0 } };
}

function add(
  funds: Map<string, Funds>,
  { currency, net }: Stripe.BalanceTransaction,
  isBankMoneyToo: boolean,
): void {
  const { amount, source_types: types } = funds.get(currency) ?? noFunds(currency);
  const sourceTypes = isBankMoneyToo
    ? { ...types, bank_account: (types.bank_account ?? 0) + net }
    : { ...types, card: types.card + net };
  funds.set(currency, { amount: amount + net, currency, source_types: sourceTypes });
}

function isBankMoney({ store }: World, transaction: Stripe.BalanceTransaction): boolean {
  const source = idIn(transaction.source) ?? '';
  const owner = store.refunds.get(source)?.charge ?? store.disputes.get(source)?.charge ?? source;
  return isDebit({ id: idIn(owner) ?? '' });
}
