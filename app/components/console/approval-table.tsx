import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type ApprovalRow } from '~/modules/admin/shared';
import { ApprovalStateBadge, UnitAmount } from './approval-words';
import { customerName } from './payment-table';
import { inWords, startingLarge } from './state-badges';

export interface ApprovalTableProps {
  label: string;
  approvals: readonly ApprovalRow[];
  /** Left out where the page is about a customer. */
  withCustomer?: boolean | undefined;
}

/** Requests for a second person. */
export function ApprovalTable({ label, approvals, withCustomer = true }: ApprovalTableProps) {
  return (
    <DataTable label={label} minWidth="none">
      <THead>
        <Th>Act</Th>
        <Th numeric>Amount</Th>
        <Th>State</Th>
        <Th className="hidden sm:table-cell">Asked by</Th>
        {withCustomer ? <Th className="hidden sm:table-cell">Customer</Th> : null}
        <Th className="hidden sm:table-cell">Reason</Th>
        <Th numeric className="hidden sm:table-cell">
          Ends
        </Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {approvals.map((approval) => (
          <Tr key={approval.id}>
            <Td>
              <RowLink to={`/admin/approvals/${approval.id}`}>{approval.label}</RowLink>
            </Td>
            <Td numeric className="font-medium">
              <UnitAmount unit={approval.unit} amount={approval.amount} />
            </Td>
            <Td>
              <ApprovalStateBadge state={approval.state} />
            </Td>
            <Td className="hidden max-w-[12rem] truncate sm:table-cell">{approval.requester.name}</Td>
            {withCustomer ? (
              <Td className="hidden max-w-[16rem] truncate sm:table-cell">
                {approval.customer === null ? (
                  <span className="text-text-muted">–</span>
                ) : (
                  customerName(approval.customer)
                )}
              </Td>
            ) : null}
            <Td className="hidden max-w-[14rem] truncate text-text-muted sm:table-cell">
              {startingLarge(inWords(approval.reason))}
            </Td>
            <Td numeric className="hidden text-text-muted sm:table-cell">
              {approval.state === 'open' ? (
                <TimeAgo at={approval.expiresAt} className="relative whitespace-nowrap" />
              ) : (
                '–'
              )}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={approval.createdAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}
