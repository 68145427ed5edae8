import { Link } from '@remix-run/react';
import { Badge } from '~/components/ui/badge';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type CustomerRef, type MessageRow, type SendingRow } from '~/modules/admin/shared';
import { SENDING_STATE, type SendingState } from '~/modules/outbox/shared';
import { Cause } from './cause';
import { PickCell, PickHead } from './pick-cells';
import { type Selection } from './use-selection';

export function SendingStateBadge({ state }: { state: SendingState }) {
  return <Badge tone={SENDING_STATE[state].tone}>{SENDING_STATE[state].label}</Badge>;
}

export interface SendingTableProps {
  sendings: readonly SendingRow[];
  /** Absent for those who only look. */
  selection: Selection<SendingRow> | undefined;
}

export function SendingTable({ sendings, selection }: SendingTableProps) {
  return (
    <DataTable label="Sendings" minWidth="none">
      <THead>
        <PickHead selection={selection} />
        <Th>Type</Th>
        <Th>State</Th>
        <Th className="hidden sm:table-cell">Endpoint</Th>
        <Th className="hidden sm:table-cell">Customer</Th>
        <Th numeric className="hidden sm:table-cell">
          Tries
        </Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {sendings.map((row) => (
          <Tr key={row.id} selected={selection?.has(row)}>
            <PickCell selection={selection} row={row} />
            <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-none">
              <RowLink to={`/admin/webhooks/outgoing/${row.id}`}>{row.type}</RowLink>
              {row.n === 1 ? null : <span className="ml-2 text-xs text-text-muted">again, {row.n - 1}</span>}
            </Td>
            <Td>
              <SendingStateBadge state={row.state} />
            </Td>
            <Td className="hidden max-w-[16rem] truncate text-text-muted sm:table-cell">
              {row.endpoint.url}
            </Td>
            <Td className="hidden max-w-[12rem] truncate sm:table-cell">
              <Whom customer={row.customer} />
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {row.tries}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={row.createdAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

export function MessageTable({ messages }: { messages: readonly MessageRow[] }) {
  return (
    <DataTable label="Messages" minWidth="none">
      <THead>
        <Th>Type</Th>
        <Th>Heard</Th>
        <Th className="hidden sm:table-cell">Customer</Th>
        <Th className="hidden sm:table-cell">Caused by</Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {messages.map((row) => (
          <Tr key={row.id}>
            <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-none">
              <RowLink to={`/admin/webhooks/outgoing/${row.id}`}>{row.type}</RowLink>
            </Td>
            <Td className="text-text-muted">
              {row.sendings === 0 ? 'Nobody listened' : `${row.arrived} of ${row.sendings}`}
            </Td>
            <Td className="hidden max-w-[14rem] truncate sm:table-cell">
              <Whom customer={row.customer} />
            </Td>
            <Td className="relative hidden sm:table-cell">
              <Cause cause={row.cause} />
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={row.at} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function Whom({ customer }: { customer: CustomerRef | null }) {
  if (customer === null) return <span className="text-text-muted">–</span>;
  return (
    <Link to={`/admin/customers/${customer.id}`} prefetch="intent" className="prose-link relative">
      {customer.email ?? customer.name ?? customer.id}
    </Link>
  );
}
