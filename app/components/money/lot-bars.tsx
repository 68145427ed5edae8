import { Badge } from '~/components/ui/badge';
import { TimeAgo } from '~/components/ui/time';
import { type LotView } from '~/modules/ledger/shared';
import { formatCredits } from '~/platform/money';

import { Credits } from './credits';

/** How full a bar is, in whole percent; what is left at all is seen. */
function percentLeft({ left, granted }: LotView): number {
  return Math.max(2, Number((left * 100n) / granted));
}

/** What expires when and how much of it is left, in the order in which it is spent. */
export function LotBars({ lots }: { lots: LotView[] }) {
  return (
    <ol className="grid gap-4">
      {lots.map((lot, n) => (
        <li key={lot.id} className="text-sm">
          <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="flex flex-wrap items-baseline gap-x-2">
              <span>
                <Credits value={lot.left} unit className="font-medium" />
                <span className="text-text-muted"> left of {formatCredits(lot.granted)}</span>
              </span>
              {n === 0 && lots.length > 1 ? <Badge tone="info">Spent first</Badge> : null}
            </span>
            <span className="text-text-muted">
              {lot.expiresAt === null ? (
                'never expire'
              ) : (
                <>
                  expire <TimeAgo at={lot.expiresAt} />
                </>
              )}
            </span>
          </div>
          <div aria-hidden className="h-2 overflow-hidden rounded-full bg-surface-sunken">
            <div className="h-full rounded-full bg-accent" style={{ width: `${percentLeft(lot)}%` }} />
          </div>
        </li>
      ))}
    </ol>
  );
}
