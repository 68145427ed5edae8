import { Link } from '@remix-run/react';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { Tooltip } from '~/components/ui/tooltip';
import { type DeliveryRow } from '~/modules/admin/shared';
import { VERDICT } from '~/modules/webhooks/shared';
import { RealmMark } from './realm-mark';
import { inWords, tookWords, VerdictBadge } from './state-badges';

const REDACTED = <i>redacted</i>;

export interface DeliveryTableProps {
  label: string;
  deliveries: readonly DeliveryRow[];
  /** Left out where the page is about one event. */
  withEvent?: boolean | undefined;
}

export function DeliveryTable({ label, deliveries, withEvent = true }: DeliveryTableProps) {
  return (
    <DataTable label={label} minWidth={withEvent ? 'lg' : 'md'}>
      <THead>
        <Th>Time</Th>
        <Th>Verdict</Th>
        {withEvent ? <Th>Type</Th> : null}
        {withEvent ? <Th>Event</Th> : null}
        <Th numeric>Answered</Th>
        <Th numeric>Took</Th>
        <Th>From</Th>
        <Th>Agent</Th>
        <Th>Path</Th>
        <Th numeric>Secret</Th>
      </THead>
      <TBody>
        {deliveries.map((delivery) => (
          <Tr key={delivery.id.toString()}>
            <Td>
              <RowLink to={`/admin/webhooks/deliveries/${delivery.id}`}>
                <TimeAgo at={delivery.at} className="whitespace-nowrap" />
              </RowLink>
            </Td>
            <Td>
              <Tooltip content={VERDICT[delivery.verdict].means} className="relative inline-flex">
                <VerdictBadge verdict={delivery.verdict} />
              </Tooltip>
              <RealmMark realmId={delivery.realmId} className="ml-2" />
            </Td>
            {withEvent ? <EventCells delivery={delivery} /> : null}
            <Td numeric>{delivery.status}</Td>
            <Td numeric>{tookWords(delivery.ms)}</Td>
            <Td className="figures text-text-muted">
              {delivery.isSenderRedacted ? REDACTED : (delivery.ip ?? '–')}
            </Td>
            <Td className="text-text-muted">
              <span title={delivery.agent ?? undefined} className="relative block max-w-[6rem] truncate">
                {delivery.isSenderRedacted ? REDACTED : (delivery.agent ?? '–')}
              </span>
            </Td>
            <Td className="text-text-muted">
              <span
                title={delivery.path}
                className="relative block max-w-[8rem] truncate min-[1400px]:max-w-[11rem]"
              >
                {delivery.path}
              </span>
            </Td>
            <Td numeric className="text-text-muted">
              {delivery.secret ?? '–'}
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

/** A refused delivery has no event: what is wrong with it stands in the same place. */
function EventCells({ delivery }: { delivery: DeliveryRow }) {
  if (delivery.eventId === null || delivery.verdict === 'wrong_realm') {
    const said = delivery.eventType ?? (delivery.detail === null ? 'Not read' : inWords(delivery.detail));
    return (
      <>
        <Td className="text-text-muted">{said}</Td>
        <Td className="text-text-muted">
          {delivery.eventId === null ? '–' : <CopyId id={delivery.eventId} label="event id" />}
        </Td>
      </>
    );
  }
  return (
    <>
      <Td>
        <Link
          to={`/admin/webhooks/events/${delivery.eventId}`}
          prefetch="intent"
          className="prose-link relative"
        >
          {delivery.eventType ?? delivery.eventId}
        </Link>
        {delivery.isPayloadRedacted ? (
          <span className="ml-2 text-xs text-text-muted">payload redacted</span>
        ) : null}
      </Td>
      <Td>
        <CopyId id={delivery.eventId} label="event id" />
      </Td>
    </>
  );
}
