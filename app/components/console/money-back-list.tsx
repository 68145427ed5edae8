import { useLocation } from '@remix-run/react';
import { type ReactNode } from 'react';
import { PageHeader } from '~/components/ui/page-header';
import { useConsole } from './console-context';
import { ExportLink } from './export-link';
import { FilterBar } from './filter-bar';
import { ListCard, type ListCardProps } from './list-card';
import { realmChoice } from './realm-choice';
import { SavedViews } from './saved-views';
import { inWords, startingLarge } from './state-badges';
import { useLive } from './use-live';

export interface MoneyBackListProps {
  list: ListCardProps['list'];
  /** Singular and plural, in small letters: its address and its CSV's are made of the plural. */
  noun: readonly ['dispute', 'disputes'] | readonly ['refund', 'refunds'];
  description: string;
  /** Named lists; the first is all. */
  views: readonly { label: string; values: readonly string[] }[];
  states: readonly { value: string; label: string }[];
  /** As Stripe spells them. */
  reasons: readonly string[];
  /** What will appear here, while there is nothing at all. */
  empty: string;
  /** The table of the list's rows. */
  children: ReactNode;
}

/** The page of all refunds, or of all disputes: they are found and filtered alike. */
export function MoneyBackList({
  list,
  noun,
  description,
  views,
  states,
  reasons,
  ...rest
}: MoneyBackListProps) {
  useLive();
  const { realms } = useConsole();
  const { search } = useLocation();
  return (
    <>
      <PageHeader
        title={startingLarge(noun[1])}
        description={description}
        actions={<ExportLink path={`/admin/${noun[1]}.csv`} />}
      />
      <SavedViews label="Saved views" name="status" views={views} />
      <FilterBar
        text={{
          name: 'q',
          label: 'E-mail, name, payment or any id',
          placeholder: 'E-mail, name, payment, any id',
          chip: 'Search',
        }}
        choices={[
          { name: 'status', label: 'State', options: states },
          {
            name: 'reason',
            label: 'Reason',
            options: reasons.map((value) => ({ value, label: startingLarge(inWords(value)) })),
          },
          realmChoice(realms),
        ]}
        ranges={[{ label: 'Made', kind: 'days', from: 'since', to: 'until' }]}
      />
      <ListCard list={list} noun={noun} isFiltered={search !== ''} empty={rest.empty}>
        {rest.children}
      </ListCard>
    </>
  );
}
