import { Link } from '@remix-run/react';
import { Credits } from '~/components/money/credits';
import { Badge } from '~/components/ui/badge';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { TimeAgo } from '~/components/ui/time';
import { type Tone } from '~/components/ui/tone';
import { type AttemptView, type EffectView } from '~/modules/admin/shared';
import { TRANSFER_KIND_LABEL } from '~/modules/ledger/shared';
import { assertNever } from '~/platform/assert-never';
import { explainCode } from './explain-step';
import { inWords, startingLarge, tookWords } from './state-badges';

const TONE: Readonly<Record<string, Tone>> = {
  done: 'ok',
  waiting: 'info',
  quarantined: 'warn',
  dead: 'bad',
};

export function AttemptTable({ attempts }: { attempts: readonly AttemptView[] }) {
  return (
    <DataTable label="Attempts" minWidth="md">
      <THead>
        <Th>Run</Th>
        <Th>Try</Th>
        <Th>Outcome</Th>
        <Th>Why</Th>
        <Th>Effects</Th>
        <Th numeric>Took</Th>
        <Th numeric>Started</Th>
      </THead>
      <TBody>
        {attempts.map((attempt) => (
          <Tr key={`${attempt.run}.${attempt.n}`}>
            <Td className="figures">{attempt.run}</Td>
            <Td className="figures">{attempt.n}</Td>
            <Td>
              <Badge tone={TONE[attempt.outcome] ?? 'idle'}>{startingLarge(inWords(attempt.outcome))}</Badge>
            </Td>
            <Td wraps className="max-w-[22rem] py-2 text-text-muted [overflow-wrap:anywhere]">
              <Why code={attempt.code} detail={attempt.detail} />
            </Td>
            <Td wraps className="py-2">
              {attempt.effects.length === 0 ? (
                <span className="text-text-muted">None</span>
              ) : (
                <ul className="grid gap-1">
                  {attempt.effects.map((effect) => (
                    <li key={effect.id}>
                      <Effect effect={effect} />
                    </li>
                  ))}
                </ul>
              )}
            </Td>
            <Td numeric>{tookWords(attempt.ms)}</Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={attempt.startedAt} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

/** The sentence first, then the code and what the code was about. */
function Why({ code, detail }: { code: string | null; detail: string | null }) {
  const said = [code, detail].filter((part) => part !== null).map(inWords);
  if (said.length === 0) return <>–</>;
  const means = code === null ? undefined : explainCode(code);
  return (
    <>
      {means === undefined ? null : <span className="block text-text">{means}</span>}
      {said.join(': ')}
    </>
  );
}

function Effect({ effect }: { effect: EffectView }) {
  switch (effect.kind) {
    case 'payment':
      return (
        <Link to={`/admin/payments/${effect.id}`} className="prose-link">
          Payment changed
        </Link>
      );
    case 'transfer':
      return (
        <Link to={`/admin/transfers/${effect.id}`} className="prose-link">
          {TRANSFER_KIND_LABEL[effect.transfer]} <Credits value={effect.amount} />
        </Link>
      );
    case 'other':
      return <CopyId id={effect.id} label="changed row" />;
    default:
      return assertNever(effect);
  }
}
