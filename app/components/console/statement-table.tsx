import { Link } from '@remix-run/react';
import { Credits } from '~/components/money/credits';
import { OtherBalances } from '~/components/money/other-balances';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { shortenMiddle } from '~/components/ui/shorten-middle';
import { TimeAgo } from '~/components/ui/time';
import { type LotView } from '~/modules/admin/shared';
import { type LedgerLine, TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';

export interface StatementTableProps {
  label?: string | undefined;
  lines: readonly LedgerLine[];
}

/** Entries of one wallet with the balance after each. */
export function StatementTable({ label = 'Ledger', lines }: StatementTableProps) {
  return (
    <DataTable label={label} minWidth="lg">
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
            <Td className="max-w-64 py-2">
              <What line={line} />
            </Td>
            <Td numeric>
              {line.amount === 0n ? (
                <span className="text-text-muted">–</span>
              ) : (
                <Credits value={line.amount} signed />
              )}
            </Td>
            <Td numeric>
              <Credits value={line.availableAfter} className="font-medium" />
              <OtherBalances
                forStaff
                held={line.heldAfter}
                claimed={line.claimedAfter}
                debt={line.debtAfter}
              />
            </Td>
            <Td className="text-text-muted">
              <Credits value={line.moved} /> {line.from} → {line.to}
            </Td>
            <Td>
              {line.paymentId === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <IdLink to={`/admin/payments/${line.paymentId}`} id={line.paymentId} label="payment" />
              )}
            </Td>
            <Td>
              {line.lot === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <IdLink to={`/admin/lots/${line.lot.id}`} id={line.lot.id} label="lot" />
              )}
            </Td>
            <Td>
              <IdLink to={`/admin/transfers/${line.transferId}`} id={line.transferId} label="transfer" />
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

/** The act, what it was for, and what it takes back or took it back. */
function What({ line }: { line: LedgerLine }) {
  const others = [
    ['reverses', line.reverses?.transferId ?? null],
    ['reversed by', line.reversedBy],
  ] as const;
  return (
    <>
      <span className="font-medium">{TRANSFER_KIND_LABEL[line.kind]}</span>
      {line.reason === null ? null : (
        <span title={line.reason} className="block truncate text-xs text-text-muted">
          {line.reason}
        </span>
      )}
      {others.map(([words, id]) =>
        id === null ? null : (
          <span key={words} className="block text-xs text-text-muted">
            {words} <IdLink to={`/admin/transfers/${id}`} id={id} label="transfer" />
          </span>
        ),
      )}
    </>
  );
}

/** A shortened id that leads to its page. */
function IdLink({ to, id, label }: { to: string; id: string; label: string }) {
  return (
    <Link
      to={to}
      prefetch="intent"
      title={id}
      aria-label={`Show ${label} ${id}`}
      className="prose-link relative font-mono text-xs"
    >
      {shortenMiddle(id)}
    </Link>
  );
}

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
            <Td>{lot.expiresAt === null ? 'Never' : <TimeAgo at={lot.expiresAt} />}</Td>
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
