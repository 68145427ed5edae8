import { Link } from '@remix-run/react';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { Card } from '~/components/ui/card';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { type LeftByDeleted } from '~/modules/finance/shared';

/** What nobody can spend any more and is still in the sums; nothing where no deleted customer left any. */
export function LeftByDeletedCard({ left }: { left: readonly LeftByDeleted[] }) {
  if (left.length === 0) return null;
  return (
    <Card
      title="Left by deleted customers, now"
      description="Frozen, and part of the sums until it expires."
      actions={
        <Link to="/admin/customers?state=deleted" className="prose-link text-sm">
          Show them
        </Link>
      }
      flush
    >
      <DataTable label="Left by deleted customers" minWidth="none">
        <THead>
          <Th>Price</Th>
          <Th numeric>Customers</Th>
          <Th numeric>Credits</Th>
          <Th numeric>Deferred</Th>
        </THead>
        <TBody>
          {left.map(({ currency, customers, credits, money }) => (
            <Tr key={currency}>
              <Td>{currency?.toUpperCase() ?? 'Without a price'}</Td>
              <Td numeric>{customers}</Td>
              <Td numeric>
                <Credits value={credits} />
              </Td>
              <Td numeric>{currency === null ? '–' : <Amount minor={money} currency={currency} />}</Td>
            </Tr>
          ))}
        </TBody>
      </DataTable>
    </Card>
  );
}
