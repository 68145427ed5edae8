import { Badge } from '~/components/ui/badge';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { EmptyState } from '~/components/ui/states';
import { Timestamp } from '~/components/ui/time';
import { type SendingLine } from '~/modules/admin/shared';
import { inWords, startingLarge, tookWords } from './state-badges';

const isGood = (status: number | null) => status !== null && status >= 200 && status < 300;

/** Each request of a sending, oldest first, with what was answered. */
export function SendingTries({ tries }: { tries: SendingLine['log'] }) {
  if (tries.length === 0)
    return <EmptyState title="Not tried yet">A worker takes it when it is due.</EmptyState>;
  return (
    <DataTable label="Tries" minWidth="sm">
      <THead>
        <Th>Try</Th>
        <Th>Answer</Th>
        <Th>Said</Th>
        <Th numeric>Took</Th>
        <Th numeric>At</Th>
      </THead>
      <TBody>
        {tries.map((one) => (
          <Tr key={one.n}>
            <Td className="figures">{one.n}</Td>
            <Td>
              <Badge tone={isGood(one.status) ? 'ok' : 'bad'}>
                {one.status ?? startingLarge(inWords(one.error ?? 'no answer'))}
              </Badge>
            </Td>
            <Td wraps className="max-w-[18rem] py-2 text-text-muted [overflow-wrap:anywhere]">
              {one.answer === null || one.answer === '' ? '–' : one.answer}
            </Td>
            <Td numeric>{tookWords(one.ms)}</Td>
            <Td numeric className="text-text-muted">
              <Timestamp at={one.at} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}
