import { Link } from '@remix-run/react';
import { Credits } from '~/components/money/credits';
import { OtherBalances } from '~/components/money/other-balances';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { shortenMiddle } from '~/components/ui/shorten-middle';
import { TimeAgo } from '~/components/ui/time';
import { type LedgerLine, TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';

export interface StatementTableProps {
  label?: string | undefined;
  lines: readonly LedgerLine[];
  /** What the page is about already: its column says the same in every line, and the table stands beside the facts. */
  about?: 'lot' | 'transfer' | undefined;
}

/** Entries of one wallet with the balance after each. */
export function StatementTable({ label = 'Ledger', lines, about }: StatementTableProps) {
  return (
    <DataTable label={label} minWidth={about === undefined ? 'lg' : 'sm'}>
      <THead>
        <Th>Entry</Th>
        <Th>What</Th>
        <Th numeric>Change</Th>
        <Th numeric>Available after</Th>
        {about === undefined ? <Th>Moved</Th> : null}
        {about === undefined ? <Th>Payment</Th> : null}
        {about === 'lot' ? null : <Th>Lot</Th>}
        {about === 'transfer' ? null : <Th>Transfer</Th>}
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {lines.map((line) => (
          <Tr key={line.seq.toString()}>
            <Td className="figures text-text-muted">#{line.seq.toString()}</Td>
            <Td className="max-w-64 py-2">
              <What line={line} />
              {about === undefined ? null : (
                <span className="block text-xs text-text-muted">
                  <Moved line={line} />
                </span>
              )}
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
            {about === undefined ? (
              <Td className="text-text-muted">
                <Moved line={line} />
              </Td>
            ) : null}
            {about === undefined ? (
              <Td>
                {line.paymentId === null ? (
                  <span className="text-text-muted">–</span>
                ) : (
                  <IdLink to={`/admin/payments/${line.paymentId}`} id={line.paymentId} label="payment" />
                )}
              </Td>
            ) : null}
            {about === 'lot' ? null : (
              <Td>
                {line.lot === null ? (
                  <span className="text-text-muted">–</span>
                ) : (
                  <IdLink to={`/admin/lots/${line.lot.id}`} id={line.lot.id} label="lot" />
                )}
              </Td>
            )}
            {about === 'transfer' ? null : (
              <Td>
                <IdLink to={`/admin/transfers/${line.transferId}`} id={line.transferId} label="transfer" />
              </Td>
            )}
            <Td numeric className="text-text-muted">
              <TimeAgo at={line.recordedAt} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function Moved({ line }: { line: LedgerLine }) {
  return (
    <>
      <Credits value={line.moved} /> {line.from} → {line.to}
    </>
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
export function IdLink({ to, id, label }: { to: string; id: string; label: string }) {
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
