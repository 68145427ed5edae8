import { Link } from '@remix-run/react';

import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type LedgerLine, TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';

import { Credits } from './credits';

/** Each credit that came or went, with the balance after it. */
export function Statement({ lines }: { lines: LedgerLine[] }) {
  return (
    <DataTable label="Credits that came and went" minWidth="none">
      <THead>
        <Th>Entry</Th>
        <Th>When</Th>
        <Th numeric>Credits</Th>
        <Th numeric>Balance</Th>
      </THead>
      <TBody>
        {lines.map((line) => (
          <Tr key={line.seq.toString()}>
            <Td className="py-3">
              <Entry line={line} />
            </Td>
            <Td className="text-text-muted">
              <TimeAgo at={line.occurredAt} />
            </Td>
            <Td numeric>
              <Credits value={line.amount} signed />
            </Td>
            <Td numeric className="font-medium">
              <Credits value={line.availableAfter} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function Entry({ line }: { line: LedgerLine }) {
  const expiresAt = line.kind === 'grant' ? line.lot?.expiresAt : null;
  const label = TRANSFER_KIND_LABEL[line.kind];
  return (
    <>
      {line.paymentId === null ? (
        label
      ) : (
        <Link className="prose-link" to={`/payments/${line.paymentId}`}>
          {label}
        </Link>
      )}
      {expiresAt ? (
        <span className="block text-xs text-text-muted sm:ml-2 sm:inline">
          until <TimeAgo at={expiresAt} />
        </span>
      ) : null}
    </>
  );
}
