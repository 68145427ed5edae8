import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';

import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { type StoreHandle } from '~/components/shell/store-handle';
import { Badge } from '~/components/ui/badge';
import { ButtonLink } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { PageHeader } from '~/components/ui/page-header';
import { Pagination } from '~/components/ui/pagination';
import { EmptyState } from '~/components/ui/states';
import { TimeAgo } from '~/components/ui/time';
import { requireCustomer } from '~/modules/auth/index.server';
import { readBalance, readStatement } from '~/modules/ledger/index.server';
import { type LedgerLine, TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';
import { listCustomerPayments } from '~/modules/payments/index.server';
import { type CustomerPaymentView, PAYMENT_STATE_LABEL, PAYMENT_STATE_TONE } from '~/modules/payments/shared';
import { currentRealm } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';

const LINES = 25;
const PAYMENTS = 10;

export async function loader({ request }: LoaderFunctionArgs) {
  const { customerId } = await requireCustomer(request);
  const realm = await currentRealm();
  const wallet = { book: realm.mode, customerId };
  const after = new URL(request.url).searchParams.get('after');
  const before = after !== null && /^\d{1,18}$/.test(after) ? { before: { seq: BigInt(after) } } : {};
  const [balance, lines, payments] = await Promise.all([
    readBalance(db(), wallet),
    readStatement(db(), { ...wallet, ...before, take: LINES + 1 }),
    listCustomerPayments(db(), { realmId: realm.id, customerId, take: PAYMENTS }),
  ]);
  const shown = lines.slice(0, LINES);
  const next = lines.length > LINES ? shown.at(-1)?.seq.toString() : undefined;
  return { balance: balance.available, lines: shown, payments, next };
}

export default function HistoryPage() {
  const { balance, lines, payments, next } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title="History"
        description={
          <>
            You have <Credits value={balance} unit className="font-medium text-text" /> to spend.
          </>
        }
        actions={
          <ButtonLink to="/" variant="primary">
            Buy credits
          </ButtonLink>
        }
      />
      <div className="grid gap-8">
        <Card title="Credits" flush>
          {lines.length === 0 ? <NoLines /> : <Statement lines={lines} />}
          {next === undefined ? null : <Pagination next={next} />}
        </Card>
        <Card title="Payments" flush>
          {payments.length === 0 ? (
            <EmptyState title="No payments yet">Each pack you buy appears here with its receipt.</EmptyState>
          ) : (
            <Payments payments={payments} />
          )}
        </Card>
      </div>
    </>
  );
}

function NoLines() {
  return (
    <EmptyState title="No credits yet">
      Every credit that comes or goes appears here, with the balance after it.
    </EmptyState>
  );
}

function Statement({ lines }: { lines: LedgerLine[] }) {
  return (
    <DataTable label="Credits that came and went" minWidth="none">
      <THead>
        <Th>Entry</Th>
        <Th>When</Th>
        <Th numeric>Credits</Th>
        <Th numeric>Balance</Th>
      </THead>
      <TBody>
        {lines.map((line) => (
          <Tr key={line.seq.toString()}>
            <Td className="py-2">
              {line.paymentId === null ? (
                TRANSFER_KIND_LABEL[line.kind]
              ) : (
                <Link className="prose-link" to={`/payments/${line.paymentId}`}>
                  {TRANSFER_KIND_LABEL[line.kind]}
                </Link>
              )}
              <Expiry line={line} />
            </Td>
            <Td>
              <TimeAgo at={line.occurredAt} />
            </Td>
            <Td numeric>
              <Credits value={line.amount} signed />
            </Td>
            <Td numeric>
              <Credits value={line.availableAfter} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function Expiry({ line }: { line: LedgerLine }) {
  const expiresAt = line.kind === 'grant' ? line.lot?.expiresAt : null;
  if (!expiresAt) return null;
  return (
    <span className="block text-xs text-text-muted sm:ml-2 sm:inline">
      until <TimeAgo at={expiresAt} />
    </span>
  );
}

function Payments({ payments }: { payments: CustomerPaymentView[] }) {
  return (
    <DataTable label="Payments" minWidth="none">
      <THead>
        <Th>Pack</Th>
        <Th>State</Th>
        <Th>When</Th>
        <Th numeric>Amount</Th>
        <Th className="hidden sm:table-cell">Documents</Th>
      </THead>
      <TBody>
        {payments.map((payment) => (
          <Tr key={payment.id}>
            <Td>
              <RowLink to={`/payments/${payment.id}`}>{payment.packName}</RowLink>
            </Td>
            <Td>
              <Badge tone={PAYMENT_STATE_TONE[payment.state]}>{PAYMENT_STATE_LABEL[payment.state]}</Badge>
            </Td>
            <Td>
              <TimeAgo at={payment.createdAt} />
            </Td>
            <Td numeric>
              <Amount minor={payment.amountPaid ?? payment.amountSubtotal} currency={payment.currency} />
            </Td>
            <Td className="hidden sm:table-cell">
              <Documents payment={payment} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function Documents({ payment }: { payment: CustomerPaymentView }) {
  const documents = [
    { name: 'Receipt', url: payment.receiptUrl },
    { name: 'Invoice', url: payment.invoiceUrl },
  ].filter((document): document is { name: string; url: string } => document.url !== null);
  return (
    <span className="relative flex gap-3">
      {documents.map(({ name, url }) => (
        <a
          key={name}
          className="prose-link"
          href={url}
          rel="noreferrer"
          aria-label={`${name} of ${payment.packName}`}
        >
          {name}
        </a>
      ))}
    </span>
  );
}

export const meta: MetaFunction = () => [{ title: 'History · Credence' }];

export const handle: StoreHandle<{ balance: bigint }> = { balance: ({ balance }) => balance };

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
