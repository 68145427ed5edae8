import ExternalLink from 'lucide-react/icons/external-link';
import { CopyId } from '~/components/ui/copy-id';
import { type RealmRef, stripePageOf } from '~/modules/admin/shared';
import { useConsole } from './console-context';

export interface StripeIdProps {
  id: string;
  /** What it is the id of: "charge". */
  label: string;
  realm: RealmRef;
  full?: boolean | undefined;
}

/** A Stripe id to copy, with the way to its page at Stripe where it has one. */
export function StripeId({ id, label, realm, full }: StripeIdProps) {
  const { desk } = useConsole();
  const page = stripePageOf(desk, realm, id);
  return (
    <span className="inline-flex min-w-0 max-w-full items-center">
      <CopyId id={id} label={`${label} id`} full={full} />
      {page === undefined ? null : (
        <a
          href={page}
          target="_blank"
          rel="noreferrer"
          aria-label={`Open ${label} ${id} ${desk.at === 'sandbox' ? 'in the sandbox' : 'in Stripe'}`}
          title={desk.at === 'sandbox' ? 'Open in the sandbox' : 'Open in Stripe'}
          className="relative inline-flex h-6 w-6 shrink-0 items-center justify-center rounded text-text-muted hover:text-accent-text"
        >
          <ExternalLink aria-hidden size={12} />
        </a>
      )}
    </span>
  );
}
