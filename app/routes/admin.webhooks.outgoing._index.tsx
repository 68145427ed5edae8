import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { BulkBar } from '~/components/console/bulk-bar';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { MessageTable, SendingTable } from '~/components/console/outgoing-tables';
import { ResendMany, ResendThese } from '~/components/console/resend-dialogs';
import { SavedViews } from '~/components/console/saved-views';
import { useHeldData, useLive } from '~/components/console/use-live';
import { useSelection } from '~/components/console/use-selection';
import { WebhookTabs } from '~/components/console/webhook-tabs';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { consoleRealm, listOutgoing, listTold, outgoingFilters, pageOf } from '~/modules/admin/index.server';
import { type SendingRow } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { listEndpoints } from '~/modules/outbox/index.server';
import { MESSAGE_TYPES, SENDING_STATE, SENDING_STATES } from '~/modules/outbox/shared';
import { db } from '~/platform/db.server';
import { utcDay } from '~/platform/time';

export async function loader({ request }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const { mode: book } = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = outgoingFilters(searchParams, book);
  const page = pageOf(searchParams);
  const isTold = searchParams.get('view') === 'messages';
  const endpoints = await listEndpoints(db(), { book, withRemoved: true });
  return {
    mayAct: hasRole(role, 'support'),
    today: utcDay(new Date()),
    types: [...MESSAGE_TYPES],
    endpoints: endpoints.map(({ id, url, state }) => ({ id, url, state })),
    sendings: isTold ? undefined : await listOutgoing(db(), filters, page),
    messages: isTold ? await listTold(db(), filters, page) : undefined,
  };
}

const VIEWS = [
  { label: 'Sendings', values: [] },
  { label: 'Messages', values: ['messages'] },
];
const NOTHING: SendingRow[] = [];
const idOf = (row: SendingRow) => row.id;

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function OutgoingPage() {
  const { mayAct, today, types, endpoints, sendings, messages } = useHeldData(useLoaderData<typeof loader>());
  const [search] = useSearchParams();
  const selection = useSelection(sendings?.rows ?? NOTHING, idOf);
  useLive({ isHeld: selection.rows.length > 0 });
  const isFiltered = [...search.keys()].some((name) => name !== 'view');
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="What your product is told, signed, and what it answered."
        actions={
          mayAct && endpoints.length > 0 ? <ResendMany endpoints={endpoints} today={today} /> : undefined
        }
      />
      <WebhookTabs />
      <SavedViews label="Outgoing webhooks" name="view" views={VIEWS} />
      <FilterBar
        text={{ name: 'customer', label: 'Customer id', placeholder: 'cst_…', chip: 'Customer' }}
        choices={[
          { name: 'type', label: 'Type', options: types.map((value) => ({ value, label: value })) },
          ...(messages === undefined
            ? [
                {
                  name: 'state',
                  label: 'State',
                  options: SENDING_STATES.map((value) => ({ value, label: SENDING_STATE[value].label })),
                },
                {
                  name: 'endpoint',
                  label: 'Endpoint',
                  options: endpoints.map(({ id, url }) => ({ value: id, label: url })),
                },
              ]
            : []),
        ]}
        ranges={[{ label: 'Made', kind: 'days', from: 'since', to: 'until' }]}
      />
      {messages === undefined ? null : (
        <ListCard
          list={messages}
          noun={['message', 'messages']}
          isFiltered={isFiltered}
          empty="A message appears here with the first payment, grant or spend that your product may hear of."
        >
          <MessageTable messages={messages.rows} />
        </ListCard>
      )}
      {sendings === undefined ? null : (
        <ListCard
          list={sendings}
          noun={['sending', 'sendings']}
          isFiltered={isFiltered}
          empty={
            <>
              Nothing was sent yet. Addresses that listen are added under{' '}
              <Link to="/admin/settings/endpoints" className="prose-link">
                Endpoints
              </Link>
              .
            </>
          }
        >
          <SendingTable sendings={sendings.rows} selection={mayAct ? selection : undefined} />
        </ListCard>
      )}
      <BulkBar count={selection.rows.length} noun={['sending', 'sendings']} onClear={selection.clear}>
        <ResendThese
          opener={{ label: 'Send again…', variant: 'primary', size: 'sm' }}
          sendings={selection.rows}
        />
      </BulkBar>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Outgoing webhooks · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/outgoing', label: 'Show all sendings' }}
      texts={LIST_TEXTS}
    />
  );
}
