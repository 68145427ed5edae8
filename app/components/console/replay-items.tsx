import { Link } from '@remix-run/react';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { EmptyState } from '~/components/ui/states';
import { type ReplayItemRow } from '~/modules/admin/shared';
import { outcomeTone, outcomeWords } from './replay-tallies';
import { inWords } from './state-badges';

export interface ReplayItemsProps {
  items: { rows: readonly ReplayItemRow[]; next: string | undefined };
  /** The line of the tallies that is opened. */
  filter: { of: string; status: string; code: string | null } | undefined;
  dryRun: boolean;
}

/** The events of a replay, fifty at a time. */
export function ReplayItems({ items, filter, dryRun }: ReplayItemsProps) {
  const { rows, next } = items;
  const query = (after?: string) =>
    new URLSearchParams({
      ...(filter === undefined ? {} : { of: filter.of, status: filter.status }),
      ...(filter === undefined || filter.code === null ? {} : { code: filter.code }),
      ...(after === undefined ? {} : { after }),
    }).toString();
  return (
    <Card
      title={
        filter === undefined ? 'Events' : `Events: ${outcomeWords(filter.status, filter.code).toLowerCase()}`
      }
      actions={
        filter === undefined ? undefined : (
          <Link to="?" preventScrollReset className="prose-link text-sm">
            Show all
          </Link>
        )
      }
      flush
    >
      {rows.length === 0 ? (
        <EmptyState title="No events here">They appear as they are taken.</EmptyState>
      ) : (
        <DataTable label="Events of the replay" minWidth="none">
          <THead>
            <Th>Type</Th>
            <Th className={dryRun ? undefined : 'hidden sm:table-cell'}>Predicted</Th>
            {dryRun ? null : <Th>Came</Th>}
            <Th className="hidden sm:table-cell">In detail</Th>
          </THead>
          <TBody>
            {rows.map((row) => (
              <Tr key={row.eventId}>
                <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-none">
                  <RowLink to={`/admin/webhooks/events/${row.eventId}`}>{row.type}</RowLink>
                </Td>
                <Td className={dryRun ? undefined : 'hidden sm:table-cell'}>
                  <Outcome status={row.predicted} code={row.predictedCode} />
                </Td>
                {dryRun ? null : (
                  <Td>
                    <Outcome status={row.result} code={row.code} />
                  </Td>
                )}
                <Td className="hidden max-w-[11rem] truncate text-text-muted sm:table-cell">
                  {inWords((dryRun ? row.predictedDetail : row.detail) ?? '–')}
                </Td>
              </Tr>
            ))}
          </TBody>
        </DataTable>
      )}
      {next === undefined ? null : (
        <p className="border-t px-4 py-3 text-sm">
          <Link to={`?${query(next)}`} preventScrollReset className="prose-link">
            Show the next 50
          </Link>
        </p>
      )}
    </Card>
  );
}

function Outcome({ status, code }: { status: string | null; code: string | null }) {
  if (status === null) return <span className="text-text-muted">–</span>;
  return <Badge tone={outcomeTone(status)}>{outcomeWords(status, code)}</Badge>;
}
