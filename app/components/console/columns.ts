import { useLocation } from '@remix-run/react';

/** The parameter of a list's address that names the columns shown; without it they are the usual ones. */
export const COLUMNS = 'columns';
/** None of those that can be left out. */
const NONE = 'none';

export interface ColumnChoice<Name extends string = string> {
  name: Name;
  label: string;
  /** Shown unless the reader chose. */
  isUsual: boolean;
}

/** The columns that an address names, in the table's order; undefined where nothing readable is chosen. */
export function chosenColumns<Name extends string>(
  search: string,
  choices: readonly ColumnChoice<Name>[],
): readonly Name[] | undefined {
  const named = (new URLSearchParams(search).get(COLUMNS) ?? '').split(',');
  const chosen = choices.map(({ name }) => name).filter((name) => named.includes(name));
  return chosen.length > 0 || named.includes(NONE) ? chosen : undefined;
}

/** The address's search with these columns; the usual ones need no word. */
export function withColumns(
  search: string,
  choices: readonly ColumnChoice[],
  shown: readonly string[],
): string {
  const params = new URLSearchParams(search);
  const isUsual = choices.every(({ name, isUsual: usual }) => shown.includes(name) === usual);
  const named = choices.map(({ name }) => name).filter((name) => shown.includes(name));
  if (isUsual) params.delete(COLUMNS);
  else params.set(COLUMNS, named.length === 0 ? NONE : named.join(','));
  return params.toString();
}

export function useChosenColumns<Name extends string>(
  choices: readonly ColumnChoice<Name>[],
): readonly Name[] | undefined {
  return chosenColumns(useLocation().search, choices);
}

/** Whether an address leaves rows out; columns leave out none. */
export const leavesRowsOut = (search: string): boolean =>
  [...new URLSearchParams(search).keys()].some((name) => name !== COLUMNS);
