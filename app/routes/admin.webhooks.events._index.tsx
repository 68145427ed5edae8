import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { DECISION_LABEL, EventStatusBadge, inWords } from '~/components/console/state-badges';
import { WebhookTabs } from '~/components/console/webhook-tabs';
import { WIDE_TABLE } from '~/components/console/wide-table';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { PageHeader } from '~/components/ui/page-header';
import { TimeAgo } from '~/components/ui/time';
import { consoleRealm, eventFilters, listEvents, pageOf } from '~/modules/admin/index.server';
import { type EventRow } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { EVENT_STATUS, EVENT_STATUSES } from '~/modules/webhooks/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = eventFilters(searchParams, realm.id);
  const { statuses, type, objectId, since } = filters;
  return {
    list: await listEvents(db(), filters, pageOf(searchParams)),
    isFiltered: statuses.length > 0 || type !== undefined || objectId !== undefined || since !== undefined,
  };
}

export default function EventsPage() {
  const { list, isFiltered } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="What Stripe said, each event once, and what was decided of it."
      />
      <WebhookTabs />
      <FilterBar
        text={{ name: 'type', label: 'Event type', placeholder: 'invoice.paid, or invoice. for all of them' }}
        choices={[
          {
            name: 'status',
            label: 'Status',
            options: EVENT_STATUSES.map((value) => ({ value, label: EVENT_STATUS[value].label })),
          },
        ]}
        given={[
          { name: 'object', label: 'Object' },
          { name: 'since', label: 'Since' },
        ]}
      />
      <ListCard
        list={list}
        noun={['event', 'events']}
        isFiltered={isFiltered}
        empty="An event appears here when its first delivery is accepted."
      >
        <EventTable events={list.rows} />
      </ListCard>
    </>
  );
}

function EventTable({ events }: { events: readonly EventRow[] }) {
  return (
    <DataTable label="Events" minWidth="lg" className={WIDE_TABLE}>
      <THead>
        <Th>Type</Th>
        <Th>Status</Th>
        <Th>Decision</Th>
        <Th>Reason</Th>
        <Th>Object</Th>
        <Th>Event</Th>
        <Th numeric>Tries</Th>
        <Th numeric>Received</Th>
      </THead>
      <TBody>
        {events.map((event) => (
          <Tr key={event.id}>
            <Td>
              <RowLink to={`/admin/webhooks/events/${event.id}`}>{event.type}</RowLink>
            </Td>
            <Td>
              <EventStatusBadge status={event.status} />
            </Td>
            <Td>
              {event.decision === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                DECISION_LABEL[event.decision]
              )}
            </Td>
            <Td className="max-w-[16rem] truncate text-text-muted">
              {event.reason === null ? '–' : inWords(event.reason)}
            </Td>
            <Td>
              {event.objectId === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <CopyId id={event.objectId} label="object id" />
              )}
            </Td>
            <Td>
              <CopyId id={event.id} label="event id" />
            </Td>
            <Td numeric>{event.tries}</Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={event.receivedAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

export const meta: MetaFunction = () => [{ title: 'Webhook events · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/events', label: 'To all events' }}
      texts={{ 400: { happened: 'The address asks for a page that this list did not make.' } }}
    />
  );
}
