import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { MoneyBackList } from '~/components/console/money-back-list';
import { RefundTable } from '~/components/console/money-back-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import {
  consoleRealm,
  listMoneyBacks,
  moneyBackFilters,
  pageOf,
  readRealms,
} from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { REFUND_REASONS, REFUND_STATUS_LABEL, REFUND_STATUSES } from '~/modules/refunds/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = moneyBackFilters(searchParams, 'refund', await readRealms(db()), realm.id);
  return { list: await listMoneyBacks(db(), filters, pageOf(searchParams)) };
}

/** Named lists; the first is all. */
const VIEWS: readonly { label: string; values: readonly string[] }[] = [
  { label: 'All', values: [] },
  { label: 'Waiting for approval', values: ['awaiting_approval'] },
  { label: 'Under way', values: ['requested', 'sending', 'pending'] },
  { label: 'Failed', values: ['failed', 'canceled', 'rejected'] },
  { label: 'Done', values: ['succeeded'] },
];

const REASONS = [...REFUND_REASONS, 'expired_uncaptured_charge'];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function RefundsPage() {
  const { list } = useLoaderData<typeof loader>();
  return (
    <MoneyBackList
      list={list}
      noun={['refund', 'refunds']}
      description="What went back, or is asked for, by staff here or at Stripe."
      views={VIEWS}
      states={REFUND_STATUSES.map((value) => ({ value, label: REFUND_STATUS_LABEL[value] }))}
      reasons={REASONS}
      empty="A refund appears here when staff ask for one, or when one is made at Stripe."
    >
      <RefundTable label="Refunds" rows={list.rows} />
    </MoneyBackList>
  );
}

export const meta: MetaFunction = () => [{ title: 'Refunds · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin/refunds', label: 'Show all refunds' }} texts={LIST_TEXTS} />;
}
