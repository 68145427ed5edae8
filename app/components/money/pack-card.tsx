import { type ReactNode } from 'react';

import { Badge } from '~/components/ui/badge';
import { classes } from '~/components/ui/classes';
import { type PackView } from '~/modules/catalog/shared';
import { formatPricePerCredit } from '~/platform/money';

import { Amount } from './amount';
import { Credits } from './credits';

/** One pack: what it costs, what it gives, and what one credit comes to. The button is the page's. */
export function PackCard({ pack, children }: { pack: PackView; children: ReactNode }) {
  return (
    <article
      className={classes(
        'flex w-full flex-col rounded border bg-surface-raised p-6 shadow-card',
        pack.isBestValue && 'border-accent',
      )}
    >
      <div className="flex min-h-6 items-center justify-between gap-3">
        <h2 className="text-lg font-semibold">{pack.name}</h2>
        {pack.isBestValue ? <Badge tone="ok">Best value</Badge> : null}
      </div>
      <p className="mt-1 text-sm text-text-muted">{pack.description}</p>
      <p className="mt-6 text-4xl font-semibold">
        <Amount minor={pack.amount} currency={pack.currency} />
      </p>
      <p className="mt-1 text-base">
        <Credits value={pack.credits} unit className="font-medium" />
        <span className="figures text-text-muted">
          {' '}
          · {formatPricePerCredit(pack.amount, pack.credits, pack.currency)} each
        </span>
      </p>
      <p className="mb-6 mt-4 text-xs text-text-muted">
        {pack.expiresDays === null ? 'Credits never expire.' : `Credits last ${pack.expiresDays} days.`}
      </p>
      <div className="mt-auto">{children}</div>
    </article>
  );
}
