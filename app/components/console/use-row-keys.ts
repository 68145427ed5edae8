import { type RefObject, useEffect } from 'react';

const STEP: Readonly<Record<string, 1 | -1>> = { j: 1, k: -1 };

/** In a list j and k walk the rows' links, as Tab does over more stops; Enter opens. */
export function useRowKeys(list: RefObject<HTMLElement>): void {
  useEffect(() => {
    function walk(event: KeyboardEvent) {
      const step = STEP[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])];
      const at = rows.findIndex((row) => row === document.activeElement);
      const next = at === -1 ? rows[0] : rows[at + step];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
    }
    document.addEventListener('keydown', walk);
    return () => document.removeEventListener('keydown', walk);
  }, [list]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [popover]') !== null;
}
