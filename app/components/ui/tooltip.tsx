import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { MANUAL_POPOVER, placeBeside } from './top-layer';

export interface TooltipProps {
  content: ReactNode;
  children: ReactNode;
  className?: string | undefined;
}

/** Shown on hover and on focus inside, closed by Escape; lies in the top layer, so tables and dialogs cannot clip it. */
export function Tooltip({ content, children, className }: TooltipProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);

  useEffect(() => {
    if (!open) return;
    const close = () => setOpen(false);
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    window.addEventListener('keydown', closeOnEscape);
    window.addEventListener('scroll', close, { capture: true, passive: true });
    return () => {
      window.removeEventListener('keydown', closeOnEscape);
      window.removeEventListener('scroll', close, { capture: true });
    };
  }, [open]);

  return (
    <span
      ref={anchor}
      className={className ?? 'relative inline-flex'}
      aria-describedby={open ? id : undefined}
      onMouseEnter={() => setOpen(true)}
      onMouseLeave={() => setOpen(false)}
      onFocus={() => setOpen(true)}
      onBlur={() => setOpen(false)}
    >
      {children}
      {open ? (
        <Bubble id={id} anchor={anchor}>
          {content}
        </Bubble>
      ) : null}
    </span>
  );
}

function Bubble({
  id,
  anchor,
  children,
}: {
  id: string;
  anchor: React.RefObject<HTMLElement>;
  children: ReactNode;
}) {
  const bubble = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (bubble.current === null || anchor.current === null) return;
    bubble.current.showPopover();
    placeBeside(anchor.current, bubble.current, 'center', 'above');
  }, [anchor]);
  return (
    <span
      {...MANUAL_POPOVER}
      ref={bubble}
      id={id}
      role="tooltip"
      className="pointer-events-none fixed inset-auto m-0 max-w-[20rem] whitespace-pre-line rounded border-0 bg-surface-inverse px-2 py-1 text-left font-sans text-xs font-normal text-text-inverse shadow-float"
    >
      {children}
    </span>
  );
}
