import { Link } from '@remix-run/react';
import type { LucideIcon } from 'lucide-react';
import {
  type ButtonHTMLAttributes,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { classes } from './classes';
import { AUTO_POPOVER, type Align, placeBeside } from './top-layer';

export interface MenuProps {
  /** What the button shows. */
  trigger: ReactNode;
  /** What the button and the list are called; required when the trigger is no text. */
  label: string;
  align?: Exclude<Align, 'center'> | undefined;
  triggerClassName?: string | undefined;
  children: ReactNode;
}

const ITEM =
  'flex w-full items-center gap-2 rounded px-2 py-1 text-left text-sm text-text hover:bg-surface-hover focus-visible:bg-surface-hover focus-visible:outline-offset-[-2px] disabled:opacity-50 min-h-8';

const ITEMS = 'a[href], button:not(:disabled), input:not(:disabled)';

/** A button that discloses links and acts; the browser closes it on Escape and on a press elsewhere. */
export function Menu({ trigger, label, align = 'end', triggerClassName, children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const follow = () => {
      const isOpen = element.matches(':popover-open');
      setOpen(isOpen);
      if (isOpen && button.current !== null) placeBeside(button.current, element, align, 'below');
    };
    element.addEventListener('toggle', follow);
    return () => element.removeEventListener('toggle', follow);
  }, [align]);

  function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEMS)];
    const at = items.findIndex((item) => item === document.activeElement);
    const next = event.key === 'ArrowDown' ? at + 1 : at - 1;
    items[(next + items.length) % items.length]?.focus();
  }

  function openFromArrow(event: KeyboardEvent<HTMLButtonElement>) {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    list.current?.showPopover();
    list.current?.querySelector<HTMLElement>(ITEMS)?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-controls={id}
        aria-label={label}
        {...{ popovertarget: id }}
        onKeyDown={openFromArrow}
        className={classes('inline-flex items-center rounded', triggerClassName)}
      >
        {trigger}
      </button>
      <div
        {...AUTO_POPOVER}
        ref={list}
        id={id}
        role="group"
        aria-label={label}
        onKeyDown={moveFocus}
        className="fixed inset-auto m-0 max-h-[calc(100dvh-1rem)] min-w-[14rem] overflow-y-auto max-w-[calc(100vw-1rem)] whitespace-normal rounded border bg-surface-raised p-1 text-left text-text shadow-float"
      >
        {children}
      </div>
    </>
  );
}

function closeMenu(element: HTMLElement): void {
  element.closest<HTMLElement>('[popover]')?.hidePopover();
}

export function MenuLink({
  to,
  icon: Icon,
  children,
}: {
  to: string;
  icon?: LucideIcon | undefined;
  children: ReactNode;
}) {
  return (
    <Link to={to} className={ITEM} onClick={(event) => closeMenu(event.currentTarget)}>
      {Icon ? <Icon aria-hidden size={16} className="text-text-muted" /> : null}
      {children}
    </Link>
  );
}

export interface MenuButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon?: LucideIcon | undefined;
}

/** Inside a Form give it type="submit". */
export function MenuButton({ icon: Icon, children, onClick, ...rest }: MenuButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={ITEM}
      onClick={(event) => {
        onClick?.(event);
        closeMenu(event.currentTarget);
      }}
    >
      {Icon ? <Icon aria-hidden size={16} className="text-text-muted" /> : null}
      {children}
    </button>
  );
}

/** One of several that can be on at once: the menu stays open. */
export function MenuCheckbox({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <label
      className={classes(
        ITEM,
        'cursor-pointer has-[:focus-visible]:bg-surface-hover has-[:focus-visible]:outline has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-[-2px] has-[:focus-visible]:outline-accent',
      )}
    >
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
        className="h-4 w-4 shrink-0 accent-accent focus-visible:outline-none"
      />
      {children}
    </label>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <div className="px-2 py-1 text-xs text-text-muted">{children}</div>;
}

export function MenuSeparator() {
  return <hr className="-mx-1 my-1 border-t" />;
}
