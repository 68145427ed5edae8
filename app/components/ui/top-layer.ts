const GAP = 6;
const EDGE = 8;

export type Align = 'start' | 'center' | 'end';

// React 18 knows no popover prop but passes the attribute on; spreading keeps the compiler content.
export const MANUAL_POPOVER = { popover: 'manual' };
export const AUTO_POPOVER = { popover: 'auto' };

/** Lays an open popover beside its anchor: below, or above when there is no room; never outside the window. */
export function placeBeside(
  anchor: HTMLElement,
  floating: HTMLElement,
  align: Align,
  preferred: 'above' | 'below',
): void {
  const from = anchor.getBoundingClientRect();
  const { width, height } = floating.getBoundingClientRect();
  const lefts: Record<Align, number> = {
    start: from.left,
    center: from.left + from.width / 2 - width / 2,
    end: from.right - width,
  };
  const above = from.top - height - GAP;
  const below = from.bottom + GAP;
  const fitsBelow = below + height <= window.innerHeight - EDGE;
  const isBelow = preferred === 'below' ? fitsBelow || above < EDGE : above < EDGE && fitsBelow;
  const left = Math.max(EDGE, Math.min(lefts[align], window.innerWidth - width - EDGE));
  floating.style.left = `${Math.round(left)}px`;
  const top = Math.max(EDGE, Math.min(isBelow ? below : above, window.innerHeight - height - EDGE));
  floating.style.top = `${Math.round(top)}px`;
}
