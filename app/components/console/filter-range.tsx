import { Form } from '@remix-run/react';
import CalendarRange from 'lucide-react/icons/calendar-range';
import ListFilter from 'lucide-react/icons/list-filter';
import { type FormEvent, useId } from 'react';
import { Button } from '~/components/ui/button';
import { Input } from '~/components/ui/field';
import { Menu } from '~/components/ui/menu';

export interface FilterRange {
  /** "Created", "Amount" */
  label: string;
  kind: 'days' | 'amount';
  /** The parameters in the address for its two ends. */
  from: string;
  to: string;
}

export const FILTER_TRIGGER =
  'h-9 gap-2 border border-line-strong bg-surface-raised px-3 text-sm font-medium shadow-card hover:bg-surface-hover';

const NATIVE = {
  days: { type: 'date' },
  amount: {
    type: 'text',
    inputMode: 'decimal',
    pattern: String.raw`\d{1,12}(\.\d{1,3})?`,
    placeholder: '0.00',
  },
} as const;

/** Two ends of a range, either may stay open. */
export function RangeFilter({ range, search }: { range: FilterRange; search: URLSearchParams }) {
  const id = useId();
  const kept = [...search].filter(([name]) => ![range.from, range.to, 'after', 'before'].includes(name));
  const Icon = range.kind === 'days' ? CalendarRange : ListFilter;

  function close(event: FormEvent<HTMLFormElement>) {
    event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
  }

  return (
    <Menu
      label={`Add a filter by ${range.label.toLowerCase()}`}
      align="start"
      triggerClassName={FILTER_TRIGGER}
      trigger={
        <>
          <Icon aria-hidden size={14} className="text-text-muted" />
          {range.label}
        </>
      }
    >
      <Form method="get" onSubmit={close} className="grid gap-3 p-2">
        {kept.map(([name, value]) => (
          <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
        ))}
        {(
          [
            [range.from, range.kind === 'days' ? 'From' : 'At least'],
            [range.to, range.kind === 'days' ? 'To' : 'At most'],
          ] as const
        ).map(([name, label]) => (
          <div key={name} className="grid gap-1">
            <label htmlFor={`${id}-${name}`} className="text-xs text-text-muted">
              {label}
            </label>
            <Input
              id={`${id}-${name}`}
              name={name}
              defaultValue={search.get(name) ?? ''}
              key={search.get(name) ?? ''}
              {...NATIVE[range.kind]}
            />
          </div>
        ))}
        <Button type="submit" variant="primary" size="sm">
          Apply
        </Button>
      </Form>
    </Menu>
  );
}
