import { useContext } from 'react';
import { RenderedAt, TimeAgo, Timestamp } from '~/components/ui/time';
import { DISPUTE_ANSWERABLE } from '~/modules/disputes/shared';
import { days } from '~/platform/time';

const SOON = days(2);
/** Up to here relative words are no date. */
const IN_WORDS = days(7);

/** Until when a dispute can be answered: absolute, and how near it is by its tone. */
export function Deadline({ status, dueBy }: { status: string; dueBy: Date | null }) {
  const now = useContext(RenderedAt);
  const answerable: readonly string[] = DISPUTE_ANSWERABLE;
  if (dueBy === null || !answerable.includes(status)) return <span className="text-text-muted">–</span>;
  const left = dueBy.getTime() - now;
  const tone = left < 0 ? 'text-bad font-medium' : left < SOON ? 'text-warn font-medium' : '';
  return (
    <span className={`relative inline-flex flex-wrap gap-x-2 ${tone}`}>
      <Timestamp at={dueBy} className="figures hidden whitespace-nowrap sm:inline" />
      <span className="whitespace-nowrap sm:text-xs">
        {left < 0 ? 'over ' : ''}
        {left < IN_WORDS ? <TimeAgo at={dueBy} /> : `in ${String(Math.floor(left / days(1)))} days`}
      </span>
    </span>
  );
}
