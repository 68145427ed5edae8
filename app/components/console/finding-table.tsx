import { Badge } from '~/components/ui/badge';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type FindingListRow } from '~/modules/admin/shared';
import { FINDING_STATE, type FindingState, findingWords } from '~/modules/findings/shared';
import { RealmMark } from './realm-mark';
import { inWords, startingLarge } from './state-badges';

export const findingLabel = (kind: string): string =>
  findingWords(kind)?.label ?? startingLarge(inWords(kind));

export function FindingBadge({ state }: { state: FindingState }) {
  const { label, tone } = FINDING_STATE[state];
  return <Badge tone={tone}>{label}</Badge>;
}

export function FindingTable({ rows }: { rows: readonly FindingListRow[] }) {
  return (
    <DataTable label="Findings" minWidth="none">
      <THead>
        <Th>Difference</Th>
        <Th>State</Th>
        <Th className="hidden md:table-cell">What differs</Th>
        <Th className="hidden lg:table-cell">Subject</Th>
        <Th numeric className="hidden sm:table-cell">
          Age
        </Th>
      </THead>
      <TBody>
        {rows.map((row) => (
          <Tr key={row.id}>
            <Td>
              <RowLink to={`/admin/reconciliation/${row.id}`}>{findingLabel(row.kind)}</RowLink>
            </Td>
            <Td>
              <span className="inline-flex flex-wrap items-center gap-1">
                <FindingBadge state={row.state} />
                <RealmMark realmId={row.realmId} />
              </span>
            </Td>
            <Td wraps className="hidden min-w-64 py-2 text-text-muted [overflow-wrap:anywhere] md:table-cell">
              {row.detail}
            </Td>
            <Td className="hidden lg:table-cell">
              <CopyId id={row.subject} label="subject" />
            </Td>
            <Td numeric className="hidden sm:table-cell">
              <TimeAgo at={row.createdAt} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}
