import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { MoneyBackList } from '~/components/console/money-back-list';
import { DisputeTable } from '~/components/console/money-back-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import {
  consoleRealm,
  listMoneyBacks,
  moneyBackFilters,
  pageOf,
  readRealms,
} from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import {
  DISPUTE_ANSWERABLE,
  DISPUTE_OPEN,
  DISPUTE_STATUS,
  DISPUTE_STATUSES,
} from '~/modules/disputes/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = moneyBackFilters(searchParams, 'dispute', await readRealms(db()), realm.id);
  return { list: await listMoneyBacks(db(), filters, pageOf(searchParams)) };
}

/** Named lists; the first is all. */
const VIEWS: readonly { label: string; values: readonly string[] }[] = [
  { label: 'All', values: [] },
  { label: 'Needs answer', values: DISPUTE_ANSWERABLE },
  { label: 'Open', values: DISPUTE_OPEN },
  { label: 'Won', values: ['won', 'prevented', 'warning_closed'] },
  { label: 'Lost', values: ['lost'] },
];

const REASONS = [
  ...['fraudulent', 'product_not_received', 'product_unacceptable', 'subscription_canceled'],
  ...['duplicate', 'credit_not_processed', 'unrecognized', 'general'],
];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function DisputesPage() {
  const { list } = useLoaderData<typeof loader>();
  return (
    <MoneyBackList
      list={list}
      noun={['dispute', 'disputes']}
      description="Money that banks ask about, hold or have taken back. They are answered at Stripe."
      views={VIEWS}
      states={DISPUTE_STATUSES.map((value) => ({ value, label: DISPUTE_STATUS[value].label }))}
      reasons={REASONS}
      empty="A dispute appears here as soon as a bank asks about a payment."
    >
      <DisputeTable label="Disputes" rows={list.rows} />
    </MoneyBackList>
  );
}

export const meta: MetaFunction = () => [{ title: 'Disputes · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary home={{ to: '/admin/disputes', label: 'Show all disputes' }} texts={LIST_TEXTS} />
  );
}
