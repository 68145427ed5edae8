import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { useConsole } from '~/components/console/console-context';
import { DeliveryTable } from '~/components/console/delivery-table';
import { FilterBar } from '~/components/console/filter-bar';
import { realmChoice } from '~/components/console/realm-choice';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { useLive } from '~/components/console/use-live';
import { WebhookTabs } from '~/components/console/webhook-tabs';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import {
  consoleRealm,
  deliveryFilters,
  listDeliveries,
  pageOf,
  readRealms,
} from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { DELIVERY_VERDICTS, VERDICT } from '~/modules/webhooks/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = deliveryFilters(searchParams, await readRealms(db()), realm.id, new Date());
  return {
    list: await listDeliveries(db(), filters, pageOf(searchParams)),
    lastWeekSince: filters.isLastWeek ? filters.since : undefined,
  };
}

/** Every path that Stripe may be told to send to. */
const WEBHOOK_PATHS = [
  '/webhooks/stripe',
  '/stripe/webhook',
  '/stripe/subscription-webhook',
  '/api/webhooks/stripe',
  '/payments-webhook',
];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function DeliveriesPage() {
  const { list, lastWeekSince } = useLoaderData<typeof loader>();
  const { realms } = useConsole();
  const { search } = useLocation();
  useLive();
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="Every HTTP request that carried an event, refused ones included."
      />
      <WebhookTabs />
      <FilterBar
        choices={[
          {
            name: 'verdict',
            label: 'Verdict',
            options: DELIVERY_VERDICTS.map((value) => ({ value, label: VERDICT[value].label })),
          },
          {
            name: 'path',
            label: 'Path',
            options: WEBHOOK_PATHS.map((value) => ({ value, label: value })),
          },
          realmChoice(realms),
        ]}
        ranges={[{ label: 'Received', kind: 'days', from: 'since', to: 'until' }]}
        text={{ name: 'ip', label: 'Address', placeholder: 'IP address that sent it' }}
      />
      {lastWeekSince === undefined ? null : (
        <p className="pb-3 text-text-muted">
          Deliveries since {lastWeekSince} were searched. Set “Received” to look further back.
        </p>
      )}
      <ListCard
        list={list}
        noun={['delivery', 'deliveries']}
        isFiltered={search !== ''}
        empty="A delivery appears here as soon as Stripe sends the first event."
      >
        <DeliveryTable label="Deliveries" deliveries={list.rows} />
      </ListCard>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Webhook deliveries · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary home={{ to: '/admin/webhooks', label: 'Show all deliveries' }} texts={LIST_TEXTS} />
  );
}
