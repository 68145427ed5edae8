import { Amount } from '~/components/money/amount';
import { Badge } from '~/components/ui/badge';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type Tone } from '~/components/ui/tone';
import { type SettlementRow, type SettlementVerdict } from '~/modules/admin/shared';
import { SETTLEMENT_RULE_LABEL } from '~/modules/payments/shared';
import { SHOWN_LABEL } from './settlement-comparison';
import { tookWords } from './state-badges';

const TONE: Record<SettlementVerdict, Tone> = {
  agreed: 'ok',
  later: 'idle',
  missing: 'warn',
  ahead: 'info',
  neither: 'warn',
};

const BY = { rule: '', patience: ', by patience', look: ', by a look' } as const;

/** Packs that were proven paid, and what the other rule would have made of them. */
export function SettlementTable({ rows }: { rows: readonly SettlementRow[] }) {
  return (
    <DataTable label="Compared payments" minWidth="none">
      <THead>
        <Th>Amount</Th>
        <Th>Other rule</Th>
        <Th numeric className="hidden sm:table-cell">
          Difference
        </Th>
        <Th className="hidden md:table-cell">Settled by</Th>
        <Th numeric>Proven</Th>
      </THead>
      <TBody>
        {rows.map((row) => (
          <Tr key={row.paymentId}>
            <Td>
              <RowLink to={`/admin/payments/${row.paymentId}`}>
                <Amount minor={row.amount} currency={row.currency} />
              </RowLink>
            </Td>
            <Td>
              <Badge tone={TONE[row.verdict]}>{SHOWN_LABEL[row.verdict]}</Badge>
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {differenceOf(row)}
            </Td>
            <Td className="hidden md:table-cell">
              {row.rule === null || row.settledBy === null
                ? 'Waits'
                : `${SETTLEMENT_RULE_LABEL[row.rule]}${BY[row.settledBy]}`}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={row.provenAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function differenceOf({ currentAt, otherAt }: SettlementRow): string {
  if (currentAt === null || otherAt === null) return '–';
  const ms = otherAt.getTime() - currentAt.getTime();
  return ms === 0 ? 'none' : ms > 0 ? `+${tookWords(ms)}` : `−${tookWords(-ms)}`;
}
