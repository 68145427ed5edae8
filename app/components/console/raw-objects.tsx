import { Link, useFetcher } from '@remix-run/react';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { type Json } from '~/components/ui/json-search';
import { JsonView } from '~/components/ui/json-view';
import { Skeleton } from '~/components/ui/states';
import { Timestamp } from '~/components/ui/time';
import { type RawObjectView, type RealmRef } from '~/modules/admin/shared';
import { StripeId } from './stripe-id';

/** The payment's objects as Stripe sent them, read when somebody unfolds them. */
export function RawObjects({ paymentId, realm }: { paymentId: string; realm: RealmRef }) {
  const { data, load, state } = useFetcher<{ objects: RawObjectView[] }>();
  return (
    <details
      className="group min-w-0 rounded border bg-surface-raised shadow-card"
      onToggle={(event) => {
        if (event.currentTarget.open && state === 'idle') load(`/admin/payments/${paymentId}/objects`);
      }}
    >
      <summary className="flex cursor-pointer list-none items-center gap-2 px-4 py-3 font-medium [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          size={14}
          className="text-text-muted transition-transform group-open:rotate-90"
        />
        What Stripe said
        <span className="font-normal text-text-muted">each object as its newest event showed it</span>
      </summary>
      <div className="grid gap-6 border-t p-4">
        {data === undefined ? (
          <Skeleton className="h-24 w-full" />
        ) : data.objects.length === 0 ? (
          <p className="text-text-muted">No event of its objects has come yet.</p>
        ) : (
          data.objects.map((object) => <RawObject key={object.id} object={object} realm={realm} />)
        )}
      </div>
    </details>
  );
}

function RawObject({ object, realm }: { object: RawObjectView; realm: RealmRef }) {
  const value: Json = JSON.parse(object.json);
  return (
    <section className="grid min-w-0 gap-2">
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-text-muted">
        <StripeId id={object.id} label="object" realm={realm} />
        <Link to={`/admin/webhooks/events/${object.eventId}`} prefetch="intent" className="prose-link">
          {object.type}
        </Link>
        <Timestamp at={object.at} />
      </p>
      <JsonView value={value} label={object.id} depth={1} />
    </section>
  );
}
