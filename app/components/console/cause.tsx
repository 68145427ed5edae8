import { Link } from '@remix-run/react';
import { CopyId } from '~/components/ui/copy-id';

/** Where the page of each kind of cause lies. */
const PAGE: Readonly<Record<string, (id: string) => string>> = {
  approval: (id) => `/admin/approvals/${id}`,
  event: (id) => `/admin/webhooks/events/${id}`,
  call: (id) => `/admin/webhooks/calls/${id}`,
  customer: (id) => `/admin/customers/${id}`,
  payment: (id) => `/admin/payments/${id}`,
  transfer: (id) => `/admin/transfers/${id}`,
  return: (id) => `/admin/payments/${id}`,
};

const WORD: Readonly<Record<string, string>> = {
  return: 'return page',
  user: 'user',
  check: 'check by',
};

/** What an id that stands alone is of. */
const OF_PREFIX: Readonly<Record<string, string>> = { txf: 'transfer', pay: 'payment', apr: 'approval' };

/** `event:evt_…` leads to the event, `call:scl_…` to the call, an id alone to its page; others name who acted. */
export function Cause({ cause, label }: { cause: string; label?: string | undefined }) {
  const at = cause.indexOf(':');
  const alone = OF_PREFIX[cause.split('_')[0] ?? ''];
  const [who, id] =
    at !== -1
      ? [cause.slice(0, at), cause.slice(at + 1)]
      : alone === undefined
        ? [cause, undefined]
        : [alone, cause];
  const page = PAGE[who];
  const word = WORD[who] ?? who;
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      {label === undefined ? null : <span>{label}</span>}
      {page === undefined || id === undefined ? (
        word
      ) : (
        <Link to={page(id)} prefetch="intent" className="prose-link">
          {word}
        </Link>
      )}
      {id === undefined ? null : <CopyId id={id} label={`${word} id`} />}
    </span>
  );
}
