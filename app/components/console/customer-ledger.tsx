import { Link } from '@remix-run/react';
import { DownloadLinks } from '~/components/money/download-links';
import { Card } from '~/components/ui/card';
import { EmptyState } from '~/components/ui/states';
import { Tabs } from '~/components/ui/tabs';
import { type CustomerView } from '~/modules/admin/shared';

import { StatementTable } from './statement-table';

/** A customer's ledger in one book, a page at a time and whole as a file. */
export function CustomerLedger({ customer }: { customer: CustomerView }) {
  const { book, lines, next, isFirst } = customer.statement;
  const path = `/admin/customers/${customer.id}`;
  const asOf = customer.asOf === undefined ? '' : `&at=${customer.asOf.at}`;
  return (
    <section id="ledger" className="min-w-0 scroll-mt-4">
      <Card
        title={customer.asOf === undefined ? 'Ledger' : 'Ledger as of then'}
        description="What the wallet recorded, newest first."
        actions={
          <DownloadLinks path={`${path}/ledger`} search={`?book=${book}${asOf}`} what="the whole ledger" />
        }
        flush
      >
        {customer.balances.length < 2 ? null : (
          <div className="px-4">
            <Tabs
              label="Books"
              current={`${path}?book=${book}${asOf}`}
              tabs={customer.balances.map((balance) => ({
                to: `${path}?book=${balance.book}${asOf}`,
                label: balance.book === 'live' ? 'Live' : 'Test',
              }))}
            />
          </div>
        )}
        {lines.length === 0 ? (
          <EmptyState title={customer.asOf === undefined ? 'No entries yet' : 'No entries by then'}>
            The first purchase or grant writes the first line.
          </EmptyState>
        ) : (
          <StatementTable lines={lines} />
        )}
        {isFirst && next === undefined ? null : (
          <nav aria-label="Pages of the ledger" className="flex justify-end gap-4 border-t px-4 py-3">
            {isFirst ? null : (
              <Link to={`${path}?book=${book}${asOf}#ledger`} className="prose-link">
                Newest
              </Link>
            )}
            {next === undefined ? null : (
              <Link
                to={`${path}?book=${book}${asOf}&after=${next}#ledger`}
                prefetch="intent"
                className="prose-link"
              >
                Older
              </Link>
            )}
          </nav>
        )}
      </Card>
    </section>
  );
}
