import { useSearchParams } from '@remix-run/react';
import { type Tone } from '~/components/ui/tone';
import { type SettlementShow, type SettlementView } from '~/modules/admin/shared';
import { SETTLEMENT_RULE_LABEL } from '~/modules/payments/shared';
import { formatCredits } from '~/platform/money';
import { Figure } from './figure';
import { tookWords } from './state-badges';

/** What a number counts. */
export const SHOWN_LABEL: Record<SettlementShow, string> = {
  agreed: 'As soon',
  later: 'Later',
  missing: 'Not yet',
  ahead: 'Only the other',
  neither: 'No event',
  patience: 'By patience',
  look: 'By a look',
};

/** The numbers of a comparison, each of which narrows the list below to its payments. */
export function SettlementFigures({ view }: { view: SettlementView }) {
  const { comparison, other, policy } = view;
  const { verdicts, p50, p95, patience, looks } = comparison;
  const current = SETTLEMENT_RULE_LABEL[policy.current];
  const name = SETTLEMENT_RULE_LABEL[other];
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-3">
      <Number show="agreed" n={verdicts.agreed}>
        {name} settles no later
      </Number>
      <Number show="later" n={verdicts.later}>
        {p50 === null || p95 === null
          ? `${name} settles none later`
          : `${tookWords(p50)} in the middle, ${tookWords(p95)} for one in twenty`}
      </Number>
      <Number show="missing" n={verdicts.missing} tone="warn">
        {name} has no event, {current.toLowerCase()} has
      </Number>
      <Number show="ahead" n={verdicts.ahead} tone="info">
        {name} has its event, {current.toLowerCase()} has not
      </Number>
      <Number show="patience" n={patience}>
        Settled though their rule had no event
      </Number>
      <Number show="look" n={looks}>
        Stripe was asked before an event settled them
        {verdicts.neither === 0
          ? ''
          : `; of ${formatCredits(BigInt(verdicts.neither))} no event has come since`}
      </Number>
    </div>
  );
}

interface NumberProps {
  show: SettlementShow;
  n: number;
  tone?: Tone;
  children: React.ReactNode;
}

function Number({ show, n, tone, children }: NumberProps) {
  const [search] = useSearchParams();
  const query = new URLSearchParams(search);
  query.set('show', show);
  query.delete('after');
  query.delete('before');
  return (
    <Figure
      label={SHOWN_LABEL[show]}
      to={`?${query.toString()}`}
      value={formatCredits(BigInt(n))}
      tone={n > 0 ? tone : undefined}
    >
      {children}
    </Figure>
  );
}
