import { Link } from '@remix-run/react';
import { Amount } from '~/components/money/amount';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type DeadLetterRow } from '~/modules/admin/shared';
import { faultWords } from './fault-words';
import { PickCell, PickHead } from './pick-cells';
import { RealmMark } from './realm-mark';
import { EventStatusBadge, startingLarge } from './state-badges';
import { type Selection } from './use-selection';

export interface DeadLetterTableProps {
  rows: readonly DeadLetterRow[];
  /** Absent for those who only look. */
  selection: Selection<DeadLetterRow> | undefined;
}

export function DeadLetterTable({ rows, selection }: DeadLetterTableProps) {
  return (
    <DataTable label="Dead letters" minWidth="none">
      <THead>
        <PickHead selection={selection} />
        <Th>Type</Th>
        <Th className="hidden md:table-cell">Status</Th>
        <Th>Why</Th>
        <Th className="hidden md:table-cell">Customer</Th>
        <Th numeric className="hidden sm:table-cell">
          Amount
        </Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {rows.map((row) => (
          <Tr key={row.id} selected={selection?.has(row)}>
            <PickCell selection={selection} row={row} />
            <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-none">
              <RowLink to={`/admin/webhooks/events/${row.id}`}>{row.type}</RowLink>
            </Td>
            <Td className="hidden md:table-cell">
              <EventStatusBadge status={row.status} />
              <RealmMark realmId={row.realmId} className="ml-2" />
            </Td>
            <Td className="max-w-[14rem] truncate text-text-muted">
              {startingLarge(faultWords(row.stuck.code ?? row.reason, row.stuck.names).short)}
            </Td>
            <Td className="hidden max-w-[14rem] truncate md:table-cell">
              <Whose row={row} />
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {row.stuck.money === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <Amount minor={row.stuck.money.amount} currency={row.stuck.money.currency} />
              )}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={row.receivedAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function Whose({ row: { stuck } }: { row: DeadLetterRow }) {
  const { customer } = stuck;
  if (customer === null) return <span className="text-text-muted">Not known</span>;
  return (
    <Link to={`/admin/customers/${customer.id}`} prefetch="intent" className="prose-link relative">
      {customer.email ?? customer.name ?? customer.id}
    </Link>
  );
}
