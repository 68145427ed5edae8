/** The lists of the console that staff keep views of. */
export const VIEW_LISTS = ['payments'] as const;
export type ViewList = (typeof VIEW_LISTS)[number];

/** Of each list a person has so many at most: they stand as tabs. */
export const VIEWS_MAX = 20;
export const VIEW_NAME_MAX = 40;
export const VIEW_QUERY_MAX = 2000;

export interface OwnView {
  id: string;
  name: string;
  /** As `keptQuery` makes it. */
  query: string;
}

/** The page that is open, and the words searched for: they are of the moment, and words may name a person. */
const PASSING = new Set(['after', 'before', 'q']);

/** What a view keeps of a list's address: filters and columns, each once and in one order, so that equal views are equal texts. */
export function keptQuery(search: URLSearchParams): string {
  const kept = [...search].filter(([name, value]) => !PASSING.has(name) && value.trim() !== '');
  const texts = new Set(kept.map(([name, value]) => new URLSearchParams({ [name]: value }).toString()));
  return [...texts].sort().join('&');
}
