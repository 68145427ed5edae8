import { type ReactNode } from 'react';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { classes } from '~/components/ui/classes';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { type CustomerRef, type PaymentRow } from '~/modules/admin/shared';
import { PAYMENT_KIND_LABEL } from '~/modules/payments/shared';
import { type ColumnChoice } from './columns';
import { RealmMark } from './realm-mark';
import { inWords, PaymentStateBadge } from './state-badges';

/** What a customer is called where room is short. */
export const customerName = ({ email, name, id }: CustomerRef): string => email ?? name ?? id;

type PaymentColumn =
  'state' | 'customer' | 'name' | 'pack' | 'kind' | 'card' | 'credits' | 'created' | 'settled' | 'id' | 'age';

/** What can be shown beside the amount, in the table's order. */
export const PAYMENT_COLUMNS: readonly ColumnChoice<PaymentColumn>[] = [
  { name: 'state', label: 'State', isUsual: true },
  { name: 'customer', label: 'Customer', isUsual: true },
  { name: 'name', label: 'Customer’s name', isUsual: false },
  { name: 'pack', label: 'Pack', isUsual: true },
  { name: 'kind', label: 'Kind', isUsual: false },
  { name: 'card', label: 'Card', isUsual: true },
  { name: 'credits', label: 'Credits', isUsual: true },
  { name: 'created', label: 'Created', isUsual: false },
  { name: 'settled', label: 'Settled', isUsual: false },
  { name: 'id', label: 'Payment id', isUsual: false },
  { name: 'age', label: 'Age', isUsual: true },
];

interface ColumnLook {
  isNumeric?: boolean;
  className?: string;
  /** Where the reader did not choose, it makes room in a narrow window; chosen, it takes its place and the table scrolls. */
  usual?: string;
  chosen?: string;
  cell: (payment: PaymentRow) => ReactNode;
}

const LOOK: Record<PaymentColumn, ColumnLook> = {
  state: {
    cell: ({ state, realmId, reviewReason }) => (
      <>
        <PaymentStateBadge state={state} />
        <RealmMark realmId={realmId} className="ml-2" />
        {reviewReason === null ? null : (
          <span className="ml-2 hidden text-text-muted sm:inline">{inWords(reviewReason)}</span>
        )}
      </>
    ),
  },
  customer: {
    chosen: 'max-w-[18rem] truncate',
    usual: 'w-full max-w-0 truncate sm:w-auto sm:max-w-[18rem]',
    cell: ({ customer }) => customerName(customer),
  },
  name: { className: 'max-w-[14rem] truncate', cell: ({ customer }) => customer.name ?? '–' },
  pack: {
    className: 'text-text-muted',
    usual: 'hidden sm:table-cell',
    cell: ({ pack, kind }) => `${pack ?? '–'}${kind === 'pack' ? '' : ` (${kind})`}`,
  },
  kind: { className: 'text-text-muted', cell: ({ kind }) => PAYMENT_KIND_LABEL[kind] },
  card: {
    className: 'capitalize text-text-muted',
    usual: 'hidden lg:table-cell',
    cell: ({ card }) => card ?? '–',
  },
  credits: {
    isNumeric: true,
    usual: 'hidden sm:table-cell',
    cell: ({ credits }) => <Credits value={credits} />,
  },
  created: { className: 'text-text-muted', cell: ({ createdAt }) => <Timestamp at={createdAt} /> },
  settled: {
    className: 'text-text-muted',
    cell: ({ paidAt }) => (paidAt === null ? '–' : <Timestamp at={paidAt} />),
  },
  id: { cell: ({ id }) => <CopyId id={id} label="payment" /> },
  age: {
    isNumeric: true,
    className: 'text-text-muted',
    cell: ({ createdAt }) => <TimeAgo at={createdAt} className="relative whitespace-nowrap" />,
  },
};

export interface PaymentTableProps {
  label: string;
  payments: readonly PaymentRow[];
  /** Left out where the page is about one customer. */
  withCustomer?: boolean | undefined;
  /** What the reader chose to see; without it the usual columns, as far as the window has room. */
  columns?: readonly PaymentColumn[] | undefined;
}

export function PaymentTable({ label, payments, withCustomer = true, columns }: PaymentTableProps) {
  const usual = PAYMENT_COLUMNS.filter(({ isUsual }) => isUsual).map(({ name }) => name);
  const shown = (columns ?? usual).filter((name) => withCustomer || name !== 'customer');
  const placeOf = (name: PaymentColumn): string | undefined =>
    columns === undefined ? LOOK[name].usual : LOOK[name].chosen;
  return (
    <DataTable label={label} minWidth="none">
      <THead>
        <Th>Amount</Th>
        {PAYMENT_COLUMNS.filter(({ name }) => shown.includes(name)).map(({ name, label: head }) => (
          <Th key={name} numeric={LOOK[name].isNumeric} className={placeOf(name)}>
            {head}
          </Th>
        ))}
      </THead>
      <TBody>
        {payments.map((payment) => (
          <Tr key={payment.id}>
            <Td>
              <RowLink to={`/admin/payments/${payment.id}`}>
                <Amount minor={payment.amount} currency={payment.currency} />
              </RowLink>
            </Td>
            {shown.map((name) => (
              <Td
                key={name}
                numeric={LOOK[name].isNumeric}
                className={classes(LOOK[name].className, placeOf(name))}
              >
                {LOOK[name].cell(payment)}
              </Td>
            ))}
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}
