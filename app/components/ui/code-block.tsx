import Check from 'lucide-react/icons/check';
import Copy from 'lucide-react/icons/copy';
import { IconButton } from './button';
import { useCopy } from './use-copy';

export interface CodeBlockProps {
  /** What it is: "curl", "TypeScript", "Answer". */
  title: string;
  code: string;
  /** Names it among others for who cannot see where it stands: "curl of Spend credits". */
  label?: string | undefined;
}

const SAID = { idle: '', copied: 'Copied', failed: 'Could not copy' };

/** Code as it is typed or answered; long lines wrap, so nothing has to be scrolled sideways. */
export function CodeBlock({ title, code, label = title }: CodeBlockProps) {
  const [state, copy] = useCopy();
  return (
    <figure aria-label={label} className="min-w-0 overflow-hidden rounded border bg-surface-sunken">
      <figcaption className="flex h-9 items-center gap-2 border-b bg-surface-raised pl-3 pr-1 text-xs font-medium text-text-muted">
        <span className="min-w-0 flex-1 truncate">{title}</span>
        <span role="status" className="shrink-0">
          {SAID[state]}
        </span>
        <IconButton
          label={`Copy ${label}`}
          icon={state === 'copied' ? Check : Copy}
          size="sm"
          onClick={() => copy(code)}
        />
      </figcaption>
      <pre className="whitespace-pre-wrap p-3 font-mono text-xs leading-5 [overflow-wrap:anywhere]">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
