export interface ProgressProps {
  label: string;
  done: number;
  total: number;
  /** "120 of 10,000" */
  text: string;
}

/** How far something is, as a bar and in words. */
export function Progress({ label, done, total, text }: ProgressProps) {
  const percent = total === 0 ? 100 : Math.min(100, Math.floor((done / total) * 100));
  return (
    <div>
      <div className="mb-1 flex items-baseline justify-between gap-4 text-sm">
        <span className="figures">{text}</span>
        <span className="figures text-text-muted">{percent} %</span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
        className="h-2 overflow-hidden rounded-full bg-surface-sunken"
      >
        <div className="h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}
