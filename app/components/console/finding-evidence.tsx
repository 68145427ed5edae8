import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { classes } from '~/components/ui/classes';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { type EvidenceLine } from '~/modules/findings/shared';

/** Ids of both sides stand side by side on a phone too. */
const BREAKS = 'py-2 [overflow-wrap:anywhere]';

/** Both sides, line by line; what differs stands out. */
export function FindingEvidence({ label, lines }: { label: string; lines: readonly EvidenceLine[] }) {
  return (
    <DataTable label={label} minWidth="none">
      <THead>
        <Th>Fact</Th>
        <Th>Stripe says</Th>
        <Th>We have</Th>
      </THead>
      <TBody>
        {lines.map((line) => (
          <Tr key={line.label}>
            <Td className="text-text-muted">{line.label}</Td>
            <Td wraps className={BREAKS}>
              <Value text={line.stripe} unit={line.unit} />
            </Td>
            <Td wraps className={classes(BREAKS, line.stripe !== line.ours && 'font-medium')}>
              <Value text={line.ours} unit={line.unit} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

/** An amount in its unit, or the word. */
export function Value({ text, unit }: { text: string | null; unit: string | null }) {
  if (text === null) return <span className="text-text-muted">Nothing</span>;
  if (unit === 'credits') return <Credits value={BigInt(text)} />;
  return unit === null ? text : <Amount minor={BigInt(text)} currency={unit} />;
}
