import { useLocation, useNavigate } from '@remix-run/react';
import Columns3 from 'lucide-react/icons/columns-3';
import { useState } from 'react';
import { Menu, MenuButton, MenuCheckbox, MenuHeading, MenuSeparator } from '~/components/ui/menu';
import { type ColumnChoice, chosenColumns, COLUMNS, withColumns } from './columns';
import { FILTER_TRIGGER } from './filter-range';

/** Which columns the list shows stands in its address, as its filters do; the file that is exported has all of them. */
export function ColumnMenu({ choices }: { choices: readonly ColumnChoice[] }) {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const chosen = chosenColumns(search, choices);
  const usual = choices.filter(({ isUsual }) => isUsual).map(({ name }) => name);
  // What was ticked counts at once: the address follows, and the next tick adds to this one.
  const [ticked, setTicked] = useState<{ on: string; names: readonly string[] }>();
  const shown = ticked?.on === search ? ticked.names : (chosen ?? usual);
  const show = (names: readonly string[]) => {
    setTicked({ on: search, names });
    const next = withColumns(search, choices, names);
    navigate(next === '' ? pathname : `${pathname}?${next}`, { replace: true, preventScrollReset: true });
  };
  return (
    <Menu
      label={chosen === undefined ? 'Columns' : `Columns, ${String(shown.length)} chosen`}
      triggerClassName={FILTER_TRIGGER}
      trigger={
        <>
          <Columns3 aria-hidden size={14} className="text-text-muted" />
          Columns
        </>
      }
    >
      {choices.map(({ name, label }) => (
        <MenuCheckbox
          key={name}
          checked={shown.includes(name)}
          onChange={(isOn) => show(isOn ? [...shown, name] : shown.filter((other) => other !== name))}
        >
          {label}
        </MenuCheckbox>
      ))}
      <MenuSeparator />
      {new URLSearchParams(search).has(COLUMNS) ? (
        <MenuButton onClick={() => show(usual)}>Show the usual columns</MenuButton>
      ) : null}
      <MenuHeading>An exported CSV has all columns.</MenuHeading>
    </Menu>
  );
}
