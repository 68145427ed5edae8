import { Form, useLocation } from '@remix-run/react';

import { classes } from '~/components/ui/classes';

const NAMES = new Intl.DisplayNames('en', { type: 'currency' });

/** The currencies that prices can be shown in; nothing where there is only one. Works without scripts. */
export function CurrencyPicker({
  currency,
  currencies,
  className,
}: {
  currency: string;
  currencies: readonly string[];
  className?: string;
}) {
  const location = useLocation();
  if (currencies.length < 2) return null;
  return (
    <Form
      method="post"
      action="/settings/currency"
      preventScrollReset
      className={classes('flex flex-wrap items-center gap-3 text-sm text-text-muted', className)}
    >
      <input type="hidden" name="back" value={location.pathname + location.search} />
      <span id="currencies">Prices in</span>
      <div
        role="group"
        aria-labelledby="currencies"
        className="inline-flex flex-wrap rounded border bg-surface-sunken p-0.5"
      >
        {currencies.map((choice) => (
          <button
            key={choice}
            type="submit"
            name="currency"
            value={choice}
            aria-pressed={choice === currency}
            aria-label={NAMES.of(choice.toUpperCase())}
            title={NAMES.of(choice.toUpperCase())}
            className={classes(
              'inline-flex h-8 min-w-12 items-center justify-center rounded px-2 text-xs font-medium uppercase transition-colors',
              choice === currency ? 'bg-surface-raised text-text shadow-card' : 'hover:text-text',
            )}
          >
            {choice}
          </button>
        ))}
      </div>
    </Form>
  );
}
