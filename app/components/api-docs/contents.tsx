import ChevronDown from 'lucide-react/icons/chevron-down';
import { type MouseEvent, useEffect, useState } from 'react';
import { classes } from '~/components/ui/classes';
import { type ApiDocs } from '~/modules/api/shared';
import { AnchorLink } from './anchor-link';

export interface ContentsGroup {
  title: string;
  links: { id: string; label: string }[];
}

/** What the page has, in its order. */
export function contentsOf({ operations, webhooks }: ApiDocs): ContentsGroup[] {
  return [
    {
      title: 'Basics',
      links: [
        { id: 'start', label: 'Start' },
        { id: 'keys', label: 'Keys and scopes' },
        { id: 'idempotency', label: 'Once per key' },
        { id: 'customers', label: 'Customers' },
        { id: 'books', label: 'Test and live' },
        { id: 'amounts', label: 'Amounts and times' },
        { id: 'limits', label: 'Limits and request ids' },
      ],
    },
    { title: 'Operations', links: operations.map(({ id, summary }) => ({ id, label: summary })) },
    {
      title: 'Webhooks',
      links: [
        { id: 'webhooks', label: 'How they come' },
        ...webhooks.messages.map(({ name }) => ({ id: `webhook-${name}`, label: name })),
      ],
    },
    { title: 'Problems', links: [{ id: 'problems', label: 'Every code' }] },
  ];
}

function Links({ groups, current }: { groups: readonly ContentsGroup[]; current: string | undefined }) {
  return groups.map(({ title, links }) => (
    <div key={title} className="grid gap-1">
      <p className="px-2 text-xs font-medium text-text-muted">{title}</p>
      <ul className="grid gap-px">
        {links.map(({ id, label }) => (
          <li key={id}>
            <AnchorLink
              id={id}
              isCurrent={id === current}
              className={classes(
                'block rounded px-2 py-1 text-sm transition-colors [overflow-wrap:anywhere] focus-visible:outline-offset-[-2px]',
                id === current
                  ? 'bg-accent-soft font-medium text-accent-text'
                  : 'text-text-muted hover:bg-surface-hover hover:text-text',
              )}
            >
              {label}
            </AnchorLink>
          </li>
        ))}
      </ul>
    </div>
  ));
}

/** The list at the left; it knows which part is on the screen. */
export function Contents({ groups }: { groups: readonly ContentsGroup[] }) {
  const current = useCurrent(groups);
  return (
    <nav aria-label="Contents" className="grid gap-5">
      <Links groups={groups} current={current} />
    </nav>
  );
}

/** The same list behind one line on phones; a choice folds it again. */
export function ContentsDisclosure({ groups }: { groups: readonly ContentsGroup[] }) {
  function fold(event: MouseEvent<HTMLElement>) {
    if (event.target instanceof HTMLAnchorElement)
      event.currentTarget.closest('details')?.removeAttribute('open');
  }
  return (
    <details className="group border-b bg-surface-raised">
      <summary className="flex h-11 cursor-pointer list-none items-center justify-between px-5 text-sm font-medium focus-visible:outline-offset-[-2px] [&::-webkit-details-marker]:hidden">
        Contents
        <ChevronDown
          aria-hidden
          size={16}
          className="text-text-muted transition-transform group-open:rotate-180"
        />
      </summary>
      <nav
        aria-label="Contents"
        className="grid max-h-[70dvh] gap-4 overflow-y-auto border-t p-3"
        onClick={fold}
      >
        <Links groups={groups} current={undefined} />
      </nav>
    </details>
  );
}

/** The part that begins last above the upper third of the screen. */
function useCurrent(groups: readonly ContentsGroup[]): string | undefined {
  const [current, setCurrent] = useState<string>();
  useEffect(() => {
    const parts = groups
      .flatMap(({ links }) => links.map(({ id }) => document.getElementById(id)))
      .filter((part) => part !== null);
    let frame = 0;
    const look = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() =>
        setCurrent(parts.findLast((part) => part.getBoundingClientRect().top < window.innerHeight / 3)?.id),
      );
    };
    look();
    window.addEventListener('scroll', look, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', look);
    };
  }, [groups]);
  return current;
}
