import { Credits } from '~/components/money/credits';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { shortenMiddle } from '~/components/ui/shorten-middle';
import { TimeAgo } from '~/components/ui/time';
import { type LotView } from '~/modules/admin/shared';
import { IdLink } from './statement-table';

/** The place of a lot in the order in which credits are spent. */
export const turnWords = (turn: number): string => (turn === 1 ? 'Next' : `As no. ${turn}`);

export function LotTable({ lots }: { lots: readonly LotView[] }) {
  return (
    <DataTable label="Lots" minWidth="lg">
      <THead>
        <Th>Lot</Th>
        <Th>From</Th>
        <Th>Spent</Th>
        <Th numeric>Granted</Th>
        <Th numeric>Available</Th>
        <Th numeric>Held</Th>
        <Th numeric>Claimed</Th>
        <Th>Expires</Th>
        <Th>Payment</Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {lots.map((lot) => (
          <Tr key={lot.id}>
            <Td>
              <RowLink to={`/admin/lots/${lot.id}`}>
                <span className="font-mono text-xs">{shortenMiddle(lot.id)}</span>
              </RowLink>
            </Td>
            <Td className="capitalize">{lot.kind}</Td>
            <Td className="text-text-muted">
              {lot.turn === null ? (lot.isOpen ? 'Not now' : 'Used up') : turnWords(lot.turn)}
            </Td>
            <Td numeric>
              <Credits value={lot.granted} />
            </Td>
            <Td numeric className="font-medium">
              <Credits value={lot.available} />
            </Td>
            <Td numeric>
              <Credits value={lot.held} />
            </Td>
            <Td numeric>
              <Credits value={lot.claimed} />
            </Td>
            <Td className="min-w-32">
              {lot.expiresAt === null ? 'Never' : <TimeAgo at={lot.expiresAt} className="relative" />}
              <Left lot={lot} />
            </Td>
            <Td>
              {lot.paymentId === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <IdLink to={`/admin/payments/${lot.paymentId}`} id={lot.paymentId} label="payment" />
              )}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={lot.createdAt} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

/** How much of it is left, spendable or not, as a bar under its expiry. */
function Left({ lot }: { lot: LotView }) {
  const left = lot.available + lot.held + lot.claimed;
  if (left === 0n) return null;
  const percent = Math.max(2, Number((left * 100n) / lot.granted));
  return (
    <span aria-hidden className="mt-1 block h-1 overflow-hidden rounded-full bg-surface-sunken">
      <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
    </span>
  );
}
