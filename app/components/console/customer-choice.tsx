import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Button } from '~/components/ui/button';
import { CopyId } from '~/components/ui/copy-id';
import { TextField } from '~/components/ui/field';
import { type Found } from '~/modules/admin/shared';

/** Typing rests this long before the search is made. */
const REST_MS = 150;

export interface ChosenCustomer {
  id: string;
  title: string;
}

export interface CustomerChoiceProps {
  chosen: ChosenCustomer | undefined;
  onChoose: (customer: ChosenCustomer | undefined) => void;
  errors?: string[] | undefined;
}

/** Finds a customer by anything that a ticket contains, and sends their id with the form. */
export function CustomerChoice({ chosen, onChoose, errors }: CustomerChoiceProps) {
  const [typed, setTyped] = useState('');
  const { load, data } = useFetcher<{ text: string; customers: Found[] }>();
  const text = typed.trim();
  useEffect(() => {
    if (text === '') return;
    const timer = setTimeout(() => load(`/admin/search?${new URLSearchParams({ q: text })}`), REST_MS);
    return () => clearTimeout(timer);
  }, [text, load]);
  if (chosen !== undefined)
    return (
      <div className="grid gap-1">
        <span className="font-medium">Customer</span>
        <input type="hidden" name="customer" value={chosen.id} />
        <span className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 [overflow-wrap:anywhere]">{chosen.title}</span>
          <CopyId id={chosen.id} label="customer id" />
          <Button size="sm" variant="ghost" onClick={() => onChoose(undefined)}>
            Choose another
          </Button>
        </span>
      </div>
    );
  const found = data?.text === text ? data.customers : [];
  return (
    <div className="grid gap-2">
      <TextField
        label="Customer"
        type="search"
        placeholder="E-mail, name or id"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        errors={errors}
      />
      {text === '' || data?.text !== text ? null : found.length === 0 ? (
        <p className="text-text-muted">No customer has that.</p>
      ) : (
        <ul aria-label="Customers found" className="grid gap-1">
          {found.map(({ to, title, detail }) => (
            <li key={to}>
              <button
                type="button"
                onClick={() => onChoose({ id: to.slice(to.lastIndexOf('/') + 1), title })}
                className="flex min-h-9 w-full items-center gap-2 rounded border px-2 text-left hover:bg-surface-hover"
              >
                <span className="shrink-0 font-medium">{title}</span>
                <span className="truncate text-text-muted">{detail}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
