import { useMemo, useState } from 'react';

export interface Selection<Row> {
  rows: Row[];
  has: (row: Row) => boolean;
  toggle: (row: Row) => void;
  toggleAll: () => void;
  clear: () => void;
  isAll: boolean;
}

/** Which rows of a page are picked. A row that left the page is picked no more. */
export function useSelection<Row>(shown: readonly Row[], idOf: (row: Row) => string): Selection<Row> {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => shown.filter((row) => picked.has(idOf(row))), [shown, picked, idOf]);
  const isAll = rows.length > 0 && rows.length === shown.length;
  return {
    rows,
    has: (row) => picked.has(idOf(row)),
    toggle: (row) =>
      setPicked((before) => {
        const after = new Set(before);
        if (!after.delete(idOf(row))) after.add(idOf(row));
        return after;
      }),
    toggleAll: () => setPicked(new Set(isAll ? [] : shown.map(idOf))),
    clear: () => setPicked(new Set()),
    isAll,
  };
}
