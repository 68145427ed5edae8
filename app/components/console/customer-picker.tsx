import { useFetcher } from '@remix-run/react';
import { useEffect, useId, useRef, useState } from 'react';
import { TextField } from '~/components/ui/field';
import { type CustomerRef, type Found } from '~/modules/admin/shared';

export interface CustomerPickerProps {
  name: string;
  /** Who it is most likely; chosen at first. */
  likely: CustomerRef | null;
  errors?: readonly string[] | undefined;
}

interface Choice {
  id: string;
  title: string;
  detail: string;
}

/** Typing rests this long before the search is made. */
const REST_MS = 200;

const choiceOf = ({ to, title, detail }: Found): Choice => ({
  id: to.split('/').at(-1) ?? '',
  title,
  detail,
});
const likelyChoice = ({ id, email, name }: CustomerRef): Choice => ({
  id,
  title: email ?? name ?? id,
  detail: email === null || name === null ? id : name,
});

/** Finds a customer by e-mail, name or any id, and sends the id of the one that is chosen. */
export function CustomerPicker({ name, likely, errors }: CustomerPickerProps) {
  const [chosen, setChosen] = useState<Choice | undefined>(
    likely === null ? undefined : likelyChoice(likely),
  );
  const { load, data } = useFetcher<{ text: string; customers: Found[] }>();
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const label = useId();
  useEffect(() => () => clearTimeout(timer.current), []);
  function look(text: string) {
    clearTimeout(timer.current);
    if (text.trim() !== '')
      timer.current = setTimeout(() => load(`/admin/search?q=${encodeURIComponent(text)}`), REST_MS);
  }
  const found = (data?.customers ?? []).map(choiceOf);
  const choices = [...(chosen === undefined ? [] : [chosen]), ...found.filter(({ id }) => id !== chosen?.id)];
  return (
    <div>
      <TextField
        label="Customer"
        type="search"
        placeholder="E-mail, name or any id"
        autoComplete="off"
        errors={errors}
        onChange={(event) => look(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      <div id={label} className="sr-only">
        Customers found
      </div>
      <ul role="radiogroup" aria-labelledby={label} className="mt-2 grid gap-1 empty:hidden">
        {choices.map((choice) => (
          <li key={choice.id} role="none">
            <label className="flex min-w-0 cursor-pointer items-center gap-2 rounded border px-3 py-2 hover:bg-surface-hover">
              <input
                type="radio"
                name={name}
                value={choice.id}
                checked={chosen?.id === choice.id}
                onChange={() => setChosen(choice)}
                className="h-4 w-4 shrink-0 accent-accent"
              />
              <span className="min-w-0 truncate">
                {choice.title} <span className="text-text-muted">{choice.detail}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <p role="status" className="mt-1 text-xs text-text-muted empty:hidden">
        {data !== undefined && data.text !== '' && found.length === 0 ? 'Nobody is found by that.' : null}
      </p>
    </div>
  );
}
