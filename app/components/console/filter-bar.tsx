import { Form, Link, useLocation, useSearchParams } from '@remix-run/react';
import ListFilter from 'lucide-react/icons/list-filter';
import Search from 'lucide-react/icons/search';
import X from 'lucide-react/icons/x';
import { type ReactNode } from 'react';
import { Button } from '~/components/ui/button';
import { Input } from '~/components/ui/field';
import { Menu, MenuLink } from '~/components/ui/menu';
import { COLUMNS } from './columns';
import { FILTER_TRIGGER, type FilterRange, RangeFilter } from './filter-range';

export interface FilterChoice {
  /** The parameter in the address; it may stand there several times. */
  name: string;
  label: string;
  options: readonly { value: string; label: string }[];
}

export interface FilterBarProps {
  /** A parameter with free text. `chip` is its name where the label is long. */
  text?: { name: string; label: string; placeholder: string; chip?: string } | undefined;
  choices?: readonly FilterChoice[] | undefined;
  ranges?: readonly FilterRange[] | undefined;
  /** Parameters that only links set; they show as chips: "Settled since 2026-11-21". */
  given?: readonly { name: string; label: string }[] | undefined;
  /** What else says how the list looks, at the end of the line. */
  aside?: ReactNode;
}

interface Chip {
  name: string;
  value: string;
  label: string;
}

function chipsOf(
  search: URLSearchParams,
  { text, choices = [], ranges = [], given = [] }: FilterBarProps,
): Chip[] {
  const typed = text === undefined ? [] : [{ name: text.name, label: text.chip ?? text.label }];
  const chosen = choices.flatMap((choice) =>
    choice.options
      .filter((option) => search.getAll(choice.name).includes(option.value))
      .map((option) => ({
        name: choice.name,
        value: option.value,
        label: `${choice.label}: ${option.label}`,
      })),
  );
  const ends = ranges.flatMap(({ label, from, to }) => [
    { name: from, label: `${label} from` },
    { name: to, label: `${label} to` },
  ]);
  const free = [...typed, ...ends, ...given].flatMap(({ name, label }) =>
    search
      .getAll(name)
      .filter((value) => value.trim() !== '')
      .map((value) => ({ name, value, label: `${label}: ${value}` })),
  );
  return [...free, ...chosen];
}

/** Filters live in the address: a link to a list is a link to what is seen. A change starts at the first page. */
export function FilterBar(props: FilterBarProps) {
  const { text, choices = [], ranges = [], aside } = props;
  const [search] = useSearchParams();
  const { pathname } = useLocation();
  const chips = chipsOf(search, props);

  function addressOf(change: (params: URLSearchParams) => void): string {
    const params = new URLSearchParams(search);
    params.delete('after');
    params.delete('before');
    change(params);
    return params.size === 0 ? pathname : `${pathname}?${params.toString()}`;
  }

  const columns = search.get(COLUMNS);
  const cleared =
    columns === null ? pathname : `${pathname}?${new URLSearchParams({ [COLUMNS]: columns }).toString()}`;

  return (
    <div className="grid gap-3 pb-4">
      <div className="flex flex-wrap items-center gap-2">
        {text === undefined ? null : <TextFilter text={text} search={search} />}
        {choices
          .filter(({ options }) => options.length > 1)
          .map((choice) => (
            <Menu
              key={choice.name}
              label={`Add a filter by ${choice.label.toLowerCase()}`}
              align="start"
              triggerClassName={FILTER_TRIGGER}
              trigger={
                <>
                  <ListFilter aria-hidden size={14} className="text-text-muted" />
                  {choice.label}
                </>
              }
            >
              {choice.options
                .filter((option) => !search.getAll(choice.name).includes(option.value))
                .map((option) => (
                  <MenuLink
                    key={option.value}
                    to={addressOf((params) => params.append(choice.name, option.value))}
                  >
                    {option.label}
                  </MenuLink>
                ))}
            </Menu>
          ))}
        {ranges.map((range) => (
          <RangeFilter key={range.from} range={range} search={search} />
        ))}
        {aside === undefined ? null : <div className="sm:ml-auto">{aside}</div>}
      </div>
      {chips.length === 0 ? null : (
        <ul aria-label="Filters in use" className="flex flex-wrap items-center gap-2">
          {chips.map((chip) => (
            <li key={`${chip.name}=${chip.value}`} className="min-w-0">
              <Link
                to={addressOf((params) => params.delete(chip.name, chip.value))}
                aria-label={`Remove the filter ${chip.label}`}
                className="inline-flex h-7 max-w-full items-center gap-1 rounded-full border border-accent-line bg-accent-soft pl-3 pr-2 text-xs font-medium text-accent-text transition-colors hover:border-accent"
              >
                <span className="truncate">{chip.label}</span>
                <X aria-hidden size={12} className="shrink-0" />
              </Link>
            </li>
          ))}
          {chips.length < 2 ? null : (
            <li>
              <Link to={cleared} className="prose-link text-xs">
                Clear all
              </Link>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function TextFilter({
  text,
  search,
}: {
  text: NonNullable<FilterBarProps['text']>;
  search: URLSearchParams;
}) {
  const current = search.get(text.name) ?? '';
  const kept = [...search].filter(([name]) => ![text.name, 'after', 'before'].includes(name));
  return (
    <Form method="get" role="search" className="flex w-full min-w-0 gap-2 sm:w-auto">
      {kept.map(([name, value]) => (
        <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
      ))}
      <span className="relative min-w-0 flex-1 sm:w-80">
        <Search
          aria-hidden
          size={14}
          className="pointer-events-none absolute left-3 top-1/2 -translate-y-1/2 text-text-muted"
        />
        <Input
          key={current}
          type="search"
          name={text.name}
          defaultValue={current}
          aria-label={text.label}
          placeholder={text.placeholder}
          className="pl-8"
        />
      </span>
      <Button type="submit">Search</Button>
    </Form>
  );
}
