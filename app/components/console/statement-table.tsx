import { Link } from '@remix-run/react';
import { Credits } from '~/components/money/credits';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type LotView } from '~/modules/admin/shared';
import { type LedgerLine, TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';

/** Entries of one wallet, newest first, with the balance after each. */
export function StatementTable({ lines }: { lines: readonly LedgerLine[] }) {
  return (
    <DataTable label="Ledger" minWidth="lg">
      <THead>
        <Th>Entry</Th>
        <Th>What</Th>
        <Th numeric>Change</Th>
        <Th numeric>Available after</Th>
        <Th>Moved</Th>
        <Th>Payment</Th>
        <Th>Lot</Th>
        <Th>Transfer</Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {lines.map((line) => (
          <Tr key={line.seq.toString()}>
            <Td className="figures text-text-muted">#{line.seq.toString()}</Td>
            <Td className="font-medium">{TRANSFER_KIND_LABEL[line.kind]}</Td>
            <Td numeric>
              <Credits value={line.amount} signed />
            </Td>
            <Td numeric className="font-medium">
              <Credits value={line.availableAfter} />
            </Td>
            <Td className="text-text-muted">
              {line.from} → {line.to}
            </Td>
            <Td>
              {line.paymentId === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <Link to={`/admin/payments/${line.paymentId}`} prefetch="intent" className="prose-link">
                  Payment
                </Link>
              )}
            </Td>
            <Td>
              {line.lot === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <CopyId id={line.lot.id} label="lot id" />
              )}
            </Td>
            <Td>
              <CopyId id={line.transferId} label="transfer id" />
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={line.recordedAt} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

export function LotTable({ lots }: { lots: readonly LotView[] }) {
  return (
    <DataTable label="Lots" minWidth="lg">
      <THead>
        <Th>Lot</Th>
        <Th>From</Th>
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
              <CopyId id={lot.id} label="lot id" />
            </Td>
            <Td className="capitalize">
              {lot.kind}
              {lot.isOpen ? null : <span className="normal-case text-text-muted"> · used up</span>}
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
            <Td>{lot.expiresAt === null ? 'Never' : <TimeAgo at={lot.expiresAt} />}</Td>
            <Td>
              {lot.paymentId === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <Link to={`/admin/payments/${lot.paymentId}`} prefetch="intent" className="prose-link">
                  Payment
                </Link>
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
