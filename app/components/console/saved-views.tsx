import { useLocation, useSearchParams } from '@remix-run/react';
import { Tabs } from '~/components/ui/tabs';
import { keptQuery, type OwnView, type ViewList } from '~/modules/views/shared';
import { RemoveView, SaveView } from './view-acts';

export interface SavedViewsProps {
  label: string;
  /** The parameter that tells the fixed views apart; other filters stay when one is opened. */
  name: string;
  views: readonly { label: string; values: readonly string[] }[];
  /** The reader's own views of this list, after the fixed ones. */
  own?: { list: ViewList; views: readonly OwnView[] } | undefined;
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value) => b.includes(value));

export function SavedViews({ label, name, views, own }: SavedViewsProps) {
  const { pathname } = useLocation();
  const [search] = useSearchParams();

  function addressOf(values: readonly string[]): string {
    const params = new URLSearchParams(search);
    for (const gone of [name, 'after', 'before']) params.delete(gone);
    for (const value of values) params.append(name, value);
    return params.size === 0 ? pathname : `${pathname}?${params.toString()}`;
  }

  const query = keptQuery(search);
  const ownAddress = (view: OwnView) => `${pathname}?${view.query}`;
  const openOwn = own?.views.find((view) => view.query === query);
  const openFixed = views.find(({ values }) => same(values, search.getAll(name)));
  const here =
    openOwn !== undefined
      ? ownAddress(openOwn)
      : openFixed !== undefined
        ? addressOf(openFixed.values)
        : undefined;
  const fixed = views.map((view) => ({ to: addressOf(view.values), label: view.label }));
  return (
    <div className="relative mb-4 flex items-end gap-3">
      <div className="min-w-0 flex-1">
        <Tabs
          label={label}
          tabs={[...fixed, ...(own?.views ?? []).map((view) => ({ to: ownAddress(view), label: view.name }))]}
          current={here ?? ''}
        />
      </div>
      {own === undefined ? null : openOwn !== undefined ? (
        <RemoveView key={openOwn.id} view={openOwn} />
      ) : query === '' ||
        (openFixed !== undefined && query === keptQuery(fixedSearch(name, openFixed.values))) ? null : (
        <SaveView list={own.list} query={query} />
      )}
    </div>
  );
}

const fixedSearch = (name: string, values: readonly string[]) =>
  new URLSearchParams(values.map((value) => [name, value]));
