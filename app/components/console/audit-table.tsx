import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { CopyId } from '~/components/ui/copy-id';
import { TimeAgo } from '~/components/ui/time';
import { type AuditRow } from '~/modules/admin/shared';
import { actorWords, actWords } from './audit-words';
import { inWords, startingLarge } from './state-badges';

export function AuditTable({ rows }: { rows: readonly AuditRow[] }) {
  return (
    <DataTable label="Audit" minWidth="none">
      <THead>
        <Th>Act</Th>
        <Th>Actor</Th>
        <Th className="hidden sm:table-cell">Subject</Th>
        <Th className="hidden md:table-cell">Reason</Th>
        <Th className="hidden lg:table-cell">Comment</Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {rows.map((row) => (
          <Tr key={row.seq.toString()}>
            <Td>
              <RowLink to={`/admin/audit/${row.seq}`}>{actWords(row.act)}</RowLink>
            </Td>
            <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-[16rem]">{actorWords(row.actor)}</Td>
            <Td className="hidden sm:table-cell">
              <CopyId id={row.subject} label="subject" />
            </Td>
            <Td className="hidden text-text-muted md:table-cell">
              {row.reason === null ? '–' : startingLarge(inWords(row.reason))}
            </Td>
            <Td className="hidden max-w-[20rem] truncate text-text-muted lg:table-cell">
              {row.isRedacted ? 'Redacted' : (row.comment ?? '–')}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={row.at} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}
