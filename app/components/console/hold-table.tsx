import { Credits } from '~/components/money/credits';
import { Badge } from '~/components/ui/badge';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type Tone } from '~/components/ui/tone';
import { type HoldRow } from '~/modules/admin/shared';
import { type HoldState } from '~/modules/ledger/shared';

const STATE: Record<HoldState, { label: string; tone: Tone }> = {
  active: { label: 'Active', tone: 'info' },
  captured: { label: 'Captured', tone: 'ok' },
  released: { label: 'Released', tone: 'idle' },
  expired: { label: 'Expired', tone: 'idle' },
};

/** Holds of one wallet, open and ended. */
export function HoldTable({ holds }: { holds: readonly HoldRow[] }) {
  return (
    <DataTable label="Holds" minWidth="none">
      <THead>
        <Th>Hold</Th>
        <Th>State</Th>
        <Th numeric>Credits</Th>
        <Th numeric>Until</Th>
        <Th numeric className="hidden sm:table-cell">
          Age
        </Th>
      </THead>
      <TBody>
        {holds.map((hold) => (
          <Tr key={hold.id}>
            <Td>
              <CopyId id={hold.id} label="hold id" />
            </Td>
            <Td>
              <Badge tone={STATE[hold.state].tone}>{STATE[hold.state].label}</Badge>
            </Td>
            <Td numeric className="font-medium">
              <Credits value={hold.amount} />
            </Td>
            <Td numeric>
              <TimeAgo at={hold.expiresAt} />
            </Td>
            <Td numeric className="hidden text-text-muted sm:table-cell">
              <TimeAgo at={hold.createdAt} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}
