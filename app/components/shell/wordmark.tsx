import { classes } from '~/components/ui/classes';

/** Two halves of one coin, the debit and the credit of a single entry. */
export function Mark({ size = 20 }: { size?: number | undefined }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 24 24" className="shrink-0 text-accent">
      <path d="M11 2.5a8 8 0 0 0 0 16z" fill="currentColor" />
      <path d="M13 5.5a8 8 0 0 1 0 16z" fill="currentColor" opacity="0.55" />
    </svg>
  );
}

export function Wordmark({ className }: { className?: string | undefined }) {
  return (
    <span
      className={classes(
        'flex w-fit items-center gap-2 text-base font-semibold tracking-tight text-text',
        className,
      )}
    >
      <Mark />
      Credence
    </span>
  );
}
