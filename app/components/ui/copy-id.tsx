import { classes } from './classes';
import { Check, Copy } from './icons';
import { shortenMiddle } from './shorten-middle';
import { Tooltip } from './tooltip';
import { useCopy } from './use-copy';

export interface CopyIdProps {
  id: string;
  /** What it is the id of, for screen readers: "payment". */
  label?: string | undefined;
  /** Shows the id in full length where there is room. */
  full?: boolean | undefined;
  className?: string | undefined;
}

const SAID = { idle: '', copied: 'Copied', failed: 'Could not copy' };

export function CopyId({ id, label = 'id', full = false, className }: CopyIdProps) {
  const [state, copy] = useCopy();
  const Icon = state === 'copied' ? Check : Copy;
  return (
    <Tooltip
      content={state === 'idle' ? id : SAID[state]}
      className="relative inline-flex max-w-full align-baseline"
    >
      <button
        type="button"
        onClick={() => copy(id)}
        aria-label={`Copy ${label} ${id}`}
        className={classes(
          'group/copy relative inline-flex h-6 max-w-full items-center rounded font-mono text-xs text-text-muted transition-colors hover:text-text',
          className,
        )}
      >
        <span className={full ? 'break-all text-left' : 'truncate'}>{full ? id : shortenMiddle(id)}</span>
        <Icon
          aria-hidden
          size={12}
          className={classes(
            'absolute left-full ml-1 transition-opacity',
            state === 'copied'
              ? 'text-ok'
              : 'opacity-0 group-hover/copy:opacity-100 group-focus-visible/copy:opacity-100',
          )}
        />
      </button>
      <span role="status" className="sr-only">
        {SAID[state]}
      </span>
    </Tooltip>
  );
}
