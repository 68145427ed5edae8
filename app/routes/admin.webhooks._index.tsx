import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { DeliveryTable } from '~/components/console/delivery-table';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { WebhookTabs } from '~/components/console/webhook-tabs';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { consoleRealm, deliveryFilters, listDeliveries, pageOf } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { DELIVERY_VERDICTS, VERDICT } from '~/modules/webhooks/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = deliveryFilters(searchParams, realm.id);
  return {
    list: await listDeliveries(db(), filters, pageOf(searchParams)),
    isFiltered: filters.verdicts.length > 0 || filters.since !== undefined,
  };
}

export default function DeliveriesPage() {
  const { list, isFiltered } = useLoaderData<typeof loader>();
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
        ]}
        given={[{ name: 'since', label: 'Since' }]}
      />
      <ListCard
        list={list}
        noun={['delivery', 'deliveries']}
        isFiltered={isFiltered}
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
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks', label: 'Show all deliveries' }}
      texts={{ 400: { happened: 'The address asks for a page that this list did not make.' } }}
    />
  );
}
