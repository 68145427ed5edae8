import { Link } from '@remix-run/react';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type ClaimView, type MoneyBackRow } from '~/modules/admin/shared';
import { Deadline } from './deadline';
import { MoneyBackBadge } from './money-back-badges';
import { customerName } from './payment-table';
import { RealmMark } from './realm-mark';
import { inWords, startingLarge } from './state-badges';

export interface MoneyBackTableProps {
  label: string;
  rows: readonly MoneyBackRow[];
}

export function RefundTable({ label, rows }: MoneyBackTableProps) {
  return (
    <DataTable label={label} minWidth="none">
      <THead>
        <Th>Amount</Th>
        <Th>State</Th>
        <Th>Customer</Th>
        <Th className="hidden md:table-cell">Reason</Th>
        <Th className="hidden lg:table-cell">Asked by</Th>
        <ClaimHeads />
        <Th className="hidden xl:table-cell">Id</Th>
        <Th numeric className="hidden sm:table-cell">
          Age
        </Th>
      </THead>
      <TBody>
        {rows.map((row) => (
          <Tr key={row.id}>
            <AmountCell row={row} to={`/admin/payments/${row.paymentId}`} />
            <StateCell row={row} />
            <CustomerCell row={row} />
            <ReasonCell row={row} />
            <Td className="hidden lg:table-cell">
              {row.actor === null ? (
                <span className="text-text-muted">At Stripe</span>
              ) : (
                (row.actorName ?? <CopyId id={row.actor} label="id of who asked" />)
              )}
            </Td>
            <ClaimCells claim={row.claim} />
            <Td className="hidden xl:table-cell">
              <CopyId id={row.stripeId ?? row.id} label="refund id" />
            </Td>
            <AgeCell row={row} className="hidden sm:table-cell" />
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

export function DisputeTable({ label, rows }: MoneyBackTableProps) {
  return (
    <DataTable label={label} minWidth="none">
      <THead>
        <Th>Amount</Th>
        <Th>State</Th>
        <Th>Answer by</Th>
        <Th className="hidden sm:table-cell">Customer</Th>
        <Th className="hidden md:table-cell">Reason</Th>
        <ClaimHeads />
        <Th className="hidden lg:table-cell">Payment</Th>
        <Th numeric className="hidden sm:table-cell">
          Age
        </Th>
      </THead>
      <TBody>
        {rows.map((row) => (
          <Tr key={row.id}>
            <AmountCell row={row} to={`/admin/disputes/${row.id}`} />
            <StateCell row={row} />
            <Td>
              <Deadline status={row.status} dueBy={row.dueBy} />
            </Td>
            <CustomerCell row={row} className="hidden sm:table-cell" />
            <ReasonCell row={row} />
            <ClaimCells claim={row.claim} />
            <Td className="hidden lg:table-cell">
              <Link to={`/admin/payments/${row.paymentId}`} prefetch="intent" className="prose-link relative">
                Show
              </Link>
            </Td>
            <AgeCell row={row} className="hidden sm:table-cell" />
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

interface CellProps {
  row: MoneyBackRow;
  className?: string;
}

function AmountCell({ row, to }: CellProps & { to: string }) {
  return (
    <Td>
      <RowLink to={to}>
        <Amount minor={row.amount} currency={row.currency} />
      </RowLink>
    </Td>
  );
}

function StateCell({ row }: CellProps) {
  return (
    <Td>
      <MoneyBackBadge kind={row.kind} status={row.status} />
      <RealmMark realmId={row.realmId} className="ml-2" />
      {row.failure === null ? null : (
        <span
          className="ml-2 hidden max-w-[14rem] truncate align-middle text-text-muted lg:inline-block"
          title={row.failure}
        >
          {inWords(row.failure)}
        </span>
      )}
    </Td>
  );
}

function CustomerCell({ row: { customer }, className = '' }: CellProps) {
  return (
    <Td className={`w-full max-w-0 truncate sm:w-auto sm:max-w-[16rem] ${className}`}>
      <Link to={`/admin/customers/${customer.id}`} prefetch="intent" className="prose-link relative">
        {customerName(customer)}
      </Link>
    </Td>
  );
}

function ReasonCell({ row: { reason } }: CellProps) {
  return (
    <Td className="hidden text-text-muted md:table-cell">
      {reason === null ? '–' : startingLarge(inWords(reason))}
    </Td>
  );
}

function AgeCell({ row, className = '' }: CellProps) {
  return (
    <Td numeric className={`text-text-muted ${className}`}>
      <TimeAgo at={row.createdAt} className="relative whitespace-nowrap" />
    </Td>
  );
}

function ClaimHeads() {
  return (
    <>
      <Th numeric className="hidden md:table-cell">
        Credits taken
      </Th>
      <Th numeric className="hidden lg:table-cell">
        Shortfall
      </Th>
      <Th numeric className="hidden lg:table-cell">
        Owed
      </Th>
    </>
  );
}

/** Of the payment, whose refunds and disputes share its credits. */
function ClaimCells({ claim }: { claim: ClaimView | null }) {
  const cell = (value: bigint | undefined) =>
    value === undefined || value === 0n ? (
      <span className="text-text-muted">–</span>
    ) : (
      <Credits value={value} />
    );
  return (
    <>
      <Td numeric className="hidden md:table-cell">
        {cell(claim?.taken)}
      </Td>
      <Td numeric className="hidden lg:table-cell">
        {cell(claim?.shortfall)}
      </Td>
      <Td numeric className="hidden lg:table-cell">
        {cell(claim?.owed)}
      </Td>
    </>
  );
}
