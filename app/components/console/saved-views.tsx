import { useLocation, useSearchParams } from '@remix-run/react';
import { Tabs } from '~/components/ui/tabs';

export interface SavedViewsProps {
  label: string;
  /** The parameter that tells the views apart; other filters stay when a view is opened. */
  name: string;
  views: readonly { label: string; values: readonly string[] }[];
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value) => b.includes(value));

export function SavedViews({ label, name, views }: SavedViewsProps) {
  const { pathname } = useLocation();
  const [search] = useSearchParams();

  function addressOf(values: readonly string[]): string {
    const params = new URLSearchParams(search);
    for (const gone of [name, 'after', 'before']) params.delete(gone);
    for (const value of values) params.append(name, value);
    return params.size === 0 ? pathname : `${pathname}?${params.toString()}`;
  }

  const open = views.find(({ values }) => same(values, search.getAll(name)));
  return (
    <div className="mb-4">
      <Tabs
        label={label}
        tabs={views.map((view) => ({ to: addressOf(view.values), label: view.label }))}
        current={open === undefined ? '' : addressOf(open.values)}
      />
    </div>
  );
}
