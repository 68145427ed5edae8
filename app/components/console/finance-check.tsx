import { useFetcher } from '@remix-run/react';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { Button } from '~/components/ui/button';
import { Notice } from '~/components/ui/notice';
import { type Book } from '~/modules/ledger/shared';
import { type FinanceDifference, type FinanceVerdict } from '~/modules/finance/shared';

/** Counts the ledger anew when asked, for it reads every open lot. */
export function FinanceCheck({ book }: { book: Book }) {
  const fetcher = useFetcher<FinanceVerdict>({ key: `finance-check-${book}` });
  const isCounting = fetcher.state !== 'idle';
  return (
    <div className="grid gap-3">
      <p className="max-w-[70ch] text-sm text-text-muted">
        Counts this instant twice more, from the ledger’s accounts and from what every lot has left, and
        compares both with the roll-forward.
      </p>
      <div>
        <Button
          type="button"
          pending={isCounting}
          pendingLabel="Counting every lot"
          onClick={() => fetcher.load(`/admin/finance/check?book=${book}`)}
        >
          Check against the ledger
        </Button>
      </div>
      <div role="status">
        {fetcher.data === undefined || isCounting ? null : <Verdict verdict={fetcher.data} />}
      </div>
    </div>
  );
}

function Verdict({ verdict }: { verdict: FinanceVerdict }) {
  if (verdict.outcome === 'equal')
    return (
      <Notice tone="ok" title="Equal to the ledger">
        <Credits value={verdict.credits} unit /> outstanding and <Credits value={verdict.debt} /> owed, and
        the deferred money of every currency: all three counts agree.
      </Notice>
    );
  return (
    <Notice tone="bad" title="Differs from the ledger">
      <ul className="grid gap-1">
        {verdict.differences.map((one) => (
          <li key={`${one.what}-${one.currency}`}>
            <Difference {...one} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Difference({ what, currency, rolled, counted }: FinanceDifference) {
  const value = (n: bigint) =>
    what === 'money' && typeof currency === 'string' ? (
      <Amount minor={n} currency={currency} />
    ) : (
      <Credits value={n} />
    );
  const of = currency === undefined ? 'the book' : (currency?.toUpperCase() ?? 'credits without a price');
  return (
    <>
      {what === 'money' ? 'Deferred money' : what === 'debt' ? 'Credits owed' : 'Credits'} of {of}: the
      roll-forward says {value(rolled)}, the ledger {value(counted)}.
    </>
  );
}
