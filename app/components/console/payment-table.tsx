import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type CustomerRef, type PaymentRow } from '~/modules/admin/shared';
import { RealmMark } from './realm-mark';
import { inWords, PaymentStateBadge } from './state-badges';

/** What a customer is called where room is short. */
export const customerName = ({ email, name, id }: CustomerRef): string => email ?? name ?? id;

export interface PaymentTableProps {
  label: string;
  payments: readonly PaymentRow[];
  /** Left out where the page is about one customer. */
  withCustomer?: boolean | undefined;
}

export function PaymentTable({ label, payments, withCustomer = true }: PaymentTableProps) {
  return (
    <DataTable label={label} minWidth="none">
      <THead>
        <Th>Amount</Th>
        <Th>State</Th>
        {withCustomer ? <Th>Customer</Th> : null}
        <Th className="hidden sm:table-cell">Pack</Th>
        <Th className="hidden lg:table-cell">Card</Th>
        <Th numeric className="hidden sm:table-cell">
          Credits
        </Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {payments.map((payment) => (
          <Tr key={payment.id}>
            <Td>
              <RowLink to={`/admin/payments/${payment.id}`}>
                <Amount minor={payment.amount} currency={payment.currency} />
              </RowLink>
            </Td>
            <Td>
              <PaymentStateBadge state={payment.state} />
              <RealmMark realmId={payment.realmId} className="ml-2" />
              {payment.reviewReason === null ? null : (
                <span className="ml-2 hidden text-text-muted sm:inline">{inWords(payment.reviewReason)}</span>
              )}
            </Td>
            {withCustomer ? (
              <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-[18rem]">
                {customerName(payment.customer)}
              </Td>
            ) : null}
            <Td className="hidden text-text-muted sm:table-cell">
              {payment.pack ?? '–'}
              {payment.kind === 'pack' ? null : ` (${payment.kind})`}
            </Td>
            <Td className="hidden capitalize text-text-muted lg:table-cell">{payment.card ?? '–'}</Td>
            <Td numeric className="hidden sm:table-cell">
              <Credits value={payment.credits} />
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={payment.createdAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}
