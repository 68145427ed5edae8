import { Link } from '@remix-run/react';

import { Badge } from '~/components/ui/badge';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { type CustomerLine } from '~/modules/ledger/shared';

import { Credits } from './credits';
import { lineWords } from './line-words';
import { OtherBalances } from './other-balances';
import { changeOf, type StatementRow, statementRows } from './statement-rows';

/** Each credit that came or went, with the balance after it. */
export function Statement({ lines }: { lines: readonly CustomerLine[] }) {
  return (
    <DataTable label="Credits that came and went" minWidth="none">
      <THead>
        <Th>Entry</Th>
        <Th className="hidden sm:table-cell">When</Th>
        <Th numeric>Credits</Th>
        <Th numeric className="hidden sm:table-cell">
          Balance
        </Th>
      </THead>
      <TBody>
        {statementRows(lines).map((row) => (
          <Tr key={row.line.seq.toString()}>
            <Td wraps className="w-full py-3">
              <Entry line={row.line} />
            </Td>
            <Td className="hidden text-text-muted sm:table-cell">
              <TimeAgo at={row.line.occurredAt} />
            </Td>
            <Td numeric>
              <Change row={row} />
              <div className="text-xs text-text-muted sm:hidden">
                <Credits value={row.line.availableAfter} /> left
                <Others line={row.line} />
              </div>
            </Td>
            <Td numeric className="hidden sm:table-cell">
              <Credits value={row.line.availableAfter} className="font-medium" />
              <Others line={row.line} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function Others({ line }: { line: CustomerLine }) {
  return <OtherBalances held={line.heldAfter} claimed={line.claimedAfter} debt={line.debtAfter} />;
}

function Entry({ line }: { line: CustomerLine }) {
  const { title, detail } = lineWords(line);
  const expiresAt = line.kind === 'grant' || line.kind === 'adjust' ? line.lot?.expiresAt : null;
  return (
    <div id={`entry-${line.seq}`} className="scroll-mt-16">
      <div className="flex flex-wrap items-center gap-x-2">
        {line.paymentId === null ? (
          <span>{title}</span>
        ) : (
          <Link className="prose-link" to={`/payments/${line.paymentId}`}>
            {title}
          </Link>
        )}
        {line.reversedBy === null ? null : <Badge tone="idle">Undone</Badge>}
      </div>
      <div className="text-xs text-text-muted [overflow-wrap:anywhere]">
        {line.reason === null && detail === undefined ? null : <p>{line.reason ?? detail}</p>}
        {line.reverses === null ? null : (
          <Link
            className="prose-link"
            to={`/history?after=${line.reverses.seq + 1n}#entry-${line.reverses.seq}`}
          >
            Show what was spent
          </Link>
        )}
        {expiresAt ? (
          <p>
            until <Timestamp at={expiresAt} className="figures" />
          </p>
        ) : null}
        <p className="sm:hidden">
          <TimeAgo at={line.occurredAt} />
        </p>
      </div>
    </div>
  );
}

/** A movement beside the credits that can be spent says which balance it changed. */
function Change({ row }: { row: StatementRow }) {
  const change = changeOf(row);
  if (change === undefined) return <span className="text-text-muted">–</span>;
  return change.of === undefined ? (
    <Credits value={change.value} signed />
  ) : (
    <span className="text-text-muted">
      <Credits value={change.value} signed /> {change.of}
    </span>
  );
}
