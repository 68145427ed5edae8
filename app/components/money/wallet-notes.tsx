import { Card } from '~/components/ui/card';
import { Notice } from '~/components/ui/notice';
import { type BalanceView } from '~/modules/ledger/shared';

import { Credits } from './credits';

/** What a customer should know of their wallet beside what they can spend: nothing, most of the time. */
export function WalletNotes({ balance }: { balance: BalanceView }) {
  const others = [
    ['Held', balance.held, 'Set aside for something under way. What it does not use comes back.'],
    ['Held back', balance.claimed, 'Until a refund or a dispute of their payment is decided.'],
    [
      'Debt',
      balance.debt,
      'Credits of a payment that went back had been spent already. The next credits you get repay it first.',
    ],
  ] as const;
  const shown = others.filter(([, value]) => value > 0n);
  return (
    <>
      {balance.frozen ? (
        <Notice tone="bad" title="Your credits are frozen">
          What you have stays yours, and what you buy is added. Nothing can be spent until a dispute of a
          payment, or a question of ours, is settled.
        </Notice>
      ) : null}
      {shown.length === 0 ? null : (
        <Card title="Beside what you can spend">
          <dl className="grid gap-3 text-sm">
            {shown.map(([label, value, words]) => (
              <div key={label} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4">
                <dt className="font-medium">{label}</dt>
                <dd className="text-right font-medium">
                  <Credits value={value} unit />
                </dd>
                <dd className="col-span-2 max-w-prose text-text-muted">{words}</dd>
              </div>
            ))}
          </dl>
        </Card>
      )}
    </>
  );
}
