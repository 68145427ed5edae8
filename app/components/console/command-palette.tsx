import { useFetcher, useNavigate } from '@remix-run/react';
import Search from 'lucide-react/icons/search';
import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { RAIL_PAGES, SETTINGS_PAGES, WEBHOOK_PAGES } from '~/components/shell/console-pages';
import { IconButton } from '~/components/ui/button';
import { classes } from '~/components/ui/classes';
import { Dialog } from '~/components/ui/dialog';
import { Input } from '~/components/ui/field';
import { shortenMiddle } from '~/components/ui/shorten-middle';
import { type Found } from '~/modules/admin/shared';
import { PaymentStateBadge } from './state-badges';

/** Typing rests this long before the search is made. */
const REST_MS = 150;

interface Results {
  text: string;
  pages: Found[];
  customers: Found[];
  payments: Found[];
}

const PAGES: readonly Found[] = [
  ...RAIL_PAGES.map(({ to, label }) => ({ to, title: label, detail: '' })),
  ...WEBHOOK_PAGES.map(({ to, label }) => ({ to, title: label, detail: 'Webhooks' })),
  ...SETTINGS_PAGES.map(({ to, label }) => ({ to, title: label, detail: 'Settings' })),
].map((page) => ({ ...page, what: 'Page' }));

function offered(typed: string, results: Results | undefined): Found[] {
  const words = typed.trim().toLowerCase();
  if (words === '') return PAGES.slice(0, RAIL_PAGES.length);
  const pages = PAGES.filter(({ title, detail }) => `${detail} ${title}`.toLowerCase().includes(words));
  const found =
    results?.text === typed.trim() ? [...results.pages, ...results.customers, ...results.payments] : [];
  const query = new URLSearchParams({ q: typed.trim() });
  return [
    ...found,
    ...pages,
    { to: `/admin/payments?${query}`, what: 'Search', title: 'All payments with', detail: typed.trim() },
    { to: `/admin/customers?${query}`, what: 'Search', title: 'All customers with', detail: typed.trim() },
  ];
}

/** Opens with Ctrl-K or Cmd-K: anything that a ticket contains, and every page. */
export function CommandPalette({ look }: { look: 'field' | 'icon' }) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    function listen(event: globalThis.KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      // Two of them stand in the shell, for wide and for narrow screens: the one that is seen answers.
      if (button.current === null || button.current.offsetParent === null) return;
      event.preventDefault();
      setOpen(true);
    }
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <span ref={button} className="block">
        {look === 'icon' ? (
          <IconButton label="Search" icon={Search} onClick={() => setOpen(true)} />
        ) : (
          <button
            type="button"
            onClick={() => setOpen(true)}
            className="flex h-8 w-full items-center gap-2 rounded border border-line-control bg-surface-raised px-2 text-left text-sm text-text-muted hover:bg-surface-hover"
          >
            <Search aria-hidden size={14} />
            <span className="flex-1">Search</span>
            <kbd className="font-sans text-2xs">Ctrl K</kbd>
          </button>
        )}
      </span>
      <Dialog open={open} onClose={() => setOpen(false)} title="Search" width="md">
        <Palette onChosen={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

/** The dialog looks for this attribute as it opens; React's own autoFocus comes before and is lost. */
function focusFirst(form: HTMLFormElement | null) {
  form?.querySelector('input')?.setAttribute('autofocus', '');
}

function Palette({ onChosen }: { onChosen: () => void }) {
  const id = useId();
  const navigate = useNavigate();
  const { load, data } = useFetcher<Results>();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = offered(typed, data);
  const current = list[Math.min(at, list.length - 1)];

  useEffect(() => {
    const text = typed.trim();
    if (text === '') return;
    const timer = setTimeout(() => load(`/admin/search?${new URLSearchParams({ q: text })}`), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, load]);

  function open(found: Found | undefined) {
    if (found === undefined) return;
    onChosen();
    navigate(found.to);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    open(current);
  }
  function walk(event: KeyboardEvent) {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const step = event.key === 'ArrowDown' ? 1 : -1;
    setAt((Math.min(at, list.length - 1) + step + list.length) % list.length);
  }

  return (
    <form ref={focusFirst} onSubmit={submit} className="pb-3">
      <Input
        type="search"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={current === undefined ? undefined : `${id}-${list.indexOf(current)}`}
        aria-label="E-mail, name, amount, card digits or any id"
        placeholder="E-mail, name, amount, last 4, any id"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={walk}
      />
      <ul id={`${id}-list`} role="listbox" aria-label="Results" className="mt-2 grid">
        {list.map((found, n) => (
          <li
            key={`${found.to} ${found.title}`}
            id={`${id}-${n}`}
            role="option"
            aria-selected={found === current}
            onClick={() => open(found)}
            onMouseMove={() => setAt(n)}
            className={classes(
              'flex min-h-9 cursor-pointer items-center gap-3 rounded px-2',
              found === current && 'bg-surface-hover',
            )}
          >
            <Offer found={found} />
          </li>
        ))}
      </ul>
    </form>
  );
}

function Offer({ found }: { found: Found }) {
  const { payment, title, detail, what } = found;
  return (
    <>
      <span className="flex min-w-0 flex-1 items-center gap-2">
        {payment === undefined ? (
          <span className="shrink-0 truncate font-medium">{title}</span>
        ) : (
          <>
            <span className="figures font-medium">{payment.amount}</span>
            <PaymentStateBadge state={payment.state} />
          </>
        )}
        <span className="truncate text-text-muted">
          {/^\w+_\w{12,}$/.test(detail) ? shortenMiddle(detail) : detail}
        </span>
      </span>
      <span className="shrink-0 text-xs text-text-muted">{what}</span>
    </>
  );
}
