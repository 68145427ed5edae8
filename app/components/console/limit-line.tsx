import TriangleAlert from 'lucide-react/icons/triangle-alert';

export interface LimitLineProps {
  limit: {
    outcome: 'within' | 'above';
    bound: 'per_act' | 'actor_day' | 'customer_day';
    limit: bigint;
    used: bigint;
  };
  /** The limit's unit in words. */
  shown: (value: bigint) => string;
}

const WITHIN = {
  per_act: 'at once',
  actor_day: 'within 24 hours',
  customer_day: 'to this customer within 24 hours, whoever acts',
} as const;

/** How an act stands to what one person may do alone. */
export function LimitLine({ limit: { outcome, bound, limit, used }, shown }: LimitLineProps) {
  const rule = `${shown(limit)} ${WITHIN[bound]}${used === 0n ? '' : `, of which ${shown(used)} is used`}`;
  if (outcome === 'within') return <p className="text-text-muted">Your limit: {rule}.</p>;
  return (
    <p className="flex items-start gap-2 text-warn">
      <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
      <span>Above your limit ({rule}): a second person will be asked, and nothing moves until then.</span>
    </p>
  );
}
