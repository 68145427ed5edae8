import X from 'lucide-react/icons/x';
import { type MouseEvent, type ReactNode, useCallback, useEffect, useId, useRef } from 'react';
import { IconButton } from './button';

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the act itself last. */
  footer?: ReactNode;
  width?: 'sm' | 'md' | 'lg' | undefined;
}

const WIDTH = { sm: 'max-w-[26rem]', md: 'max-w-[34rem]', lg: 'max-w-[48rem]' };

/** The browser's own modal: focus stays inside, Escape closes, the page behind is inert, focus returns. */
export function Dialog({ open, onClose, title, description, children, footer, width = 'md' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement | null>(null);
  const isPressedOutside = useRef(false);
  const id = useId();
  // One that leaves the page while it is open is closed before: only a closed dialog gives the focus back.
  const keep = useCallback((element: HTMLDialogElement | null) => {
    if (element === null) dialog.current?.close();
    dialog.current = element;
  }, []);

  useEffect(() => {
    const element = dialog.current;
    if (element === null || element.open === open) return;
    if (open) element.showModal();
    else element.close();
  }, [open]);

  // Neither a text selected beyond the edge nor the second half of a double click, under which the dialog became smaller.
  function closeOnBackdrop({ target, currentTarget, detail }: MouseEvent<HTMLDialogElement>) {
    if (target === currentTarget && isPressedOutside.current && detail === 1) onClose();
  }

  return (
    <dialog
      ref={keep}
      aria-labelledby={`${id}-title`}
      aria-describedby={description === undefined ? undefined : `${id}-description`}
      onClose={onClose}
      onPointerDown={({ target, currentTarget }) => {
        isPressedOutside.current = target === currentTarget;
      }}
      onClick={closeOnBackdrop}
      // What stands in a table's cell inherits its alignment and its one line.
      className={`m-auto whitespace-normal text-left font-normal w-[calc(100%-2rem)] rounded border bg-surface-raised p-0 text-text shadow-float backdrop:bg-backdrop open:animate-appear ${WIDTH[width]}`}
    >
      {open ? (
        <div className="flex max-h-[calc(100dvh-4rem)] flex-col">
          <header className="flex items-start justify-between gap-4 px-5 pb-2 pt-4">
            <div className="min-w-0">
              <h2 id={`${id}-title`} className="text-lg font-semibold">
                {title}
              </h2>
              {description === undefined ? null : (
                <p id={`${id}-description`} className="mt-1 text-sm text-text-muted">
                  {description}
                </p>
              )}
            </div>
            <IconButton label="Close" icon={X} size="sm" onClick={onClose} />
          </header>
          <div className="min-h-0 overflow-y-auto px-5 py-2 text-sm">{children}</div>
          {footer === undefined ? null : (
            <footer className="mt-2 flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</footer>
          )}
        </div>
      ) : null}
    </dialog>
  );
}
