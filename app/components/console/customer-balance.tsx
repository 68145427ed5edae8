import { Credits } from '~/components/money/credits';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { type CustomerView } from '~/modules/admin/shared';

export interface CustomerBalanceProps {
  balance: CustomerView['balances'][number];
  isNow: boolean;
}

/** What a customer holds in one book. */
export function CustomerBalance({ balance, isNow }: CustomerBalanceProps) {
  const title = balance.book === 'live' ? 'Live credits' : 'Test credits';
  return (
    <Card
      title={isNow ? title : `${title} as of then`}
      actions={balance.frozen ? <Badge tone="bad">Frozen</Badge> : undefined}
    >
      <p className="pb-2">
        <Credits value={balance.available} className="text-3xl font-semibold" />{' '}
        <span className="text-text-muted">available</span>
      </p>
      <FactList>
        <Fact label="Held">
          <Credits value={balance.held} />
        </Fact>
        <Fact label="Pending (claimed)">
          <Credits value={balance.claimed} />
        </Fact>
        <Fact label="Debt">
          <Credits value={balance.debt} className={balance.debt > 0n ? 'text-bad' : undefined} />
        </Fact>
        <Fact label="Wallet">
          {balance.walletId === null ? (
            <span className="text-text-muted">None yet</span>
          ) : (
            <CopyId id={balance.walletId} label="wallet id" />
          )}
        </Fact>
      </FactList>
    </Card>
  );
}
