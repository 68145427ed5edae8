import { Link } from '@remix-run/react';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { type EventView } from '~/modules/admin/shared';
import { realmWords } from './realm-mark';
import { DECISION_LABEL, inWords, PaymentStateBadge } from './state-badges';
import { StripeId } from './stripe-id';

export function EventFacts({ event }: { event: EventView }) {
  const isUndecided = event.status === 'queued' || event.status === 'waiting';
  return (
    <Card title="Facts">
      <FactList>
        <Fact label="Decision">
          {event.decision === null ? (
            <span className="text-text-muted">None yet</span>
          ) : (
            DECISION_LABEL[event.decision]
          )}
        </Fact>
        {event.reason === null ? null : <Fact label="Reason">{inWords(event.reason)}</Fact>}
        {event.waitsFor === null ? null : (
          <Fact label="Waits for">
            <CopyId id={event.waitsFor} label="object it waits for" />
          </Fact>
        )}
        {event.payments.map((payment) => (
          <Fact key={payment.id} label="Payment">
            <Link
              to={`/admin/payments/${payment.id}#event:${event.id}`}
              prefetch="intent"
              className="prose-link mr-2"
            >
              Show
            </Link>
            <PaymentStateBadge state={payment.state} />
          </Fact>
        ))}
        {event.stuck === null || event.stuck.customer === null ? null : (
          <Fact label="Customer">
            <Link to={`/admin/customers/${event.stuck.customer.id}`} prefetch="intent" className="prose-link">
              {event.stuck.customer.email ?? event.stuck.customer.name ?? event.stuck.customer.id}
            </Link>
          </Fact>
        )}
        {event.objectId === null ? null : (
          <Fact label="Object">
            <Link to={`/admin/webhooks/events?object=${event.objectId}`} className="prose-link mr-1">
              Events
            </Link>
            <StripeId id={event.objectId} label="object" realm={event.realm} />
          </Fact>
        )}
        <Fact label="Came by">
          {event.source === 'delivery' ? 'Delivery' : 'Stripe’s list: no delivery came'}
        </Fact>
        <Fact label="Run">
          {event.run}
          {event.replays.map((replay) => (
            <Link
              key={replay.id}
              to={`/admin/webhooks/replays/${replay.id}`}
              prefetch="intent"
              className="prose-link ml-2"
            >
              run {replay.runBefore + 1} by replay
            </Link>
          ))}
        </Fact>
        <Fact label="Staff acts">
          <Link to={`/admin/audit?subject=${event.id}`} prefetch="intent" className="prose-link">
            In the audit
          </Link>
        </Fact>
        <Fact label="Tries">{event.tries}</Fact>
        {isUndecided ? (
          <Fact label="Due">
            <TimeAgo at={event.dueAt} />
          </Fact>
        ) : null}
        <Fact label="Happened at Stripe">
          <Timestamp at={event.created} />
        </Fact>
        <Fact label="Received">
          <Timestamp at={event.receivedAt} />
        </Fact>
        {event.decidedAt === null ? null : (
          <Fact label="Decided">
            <Timestamp at={event.decidedAt} />
          </Fact>
        )}
        <Fact label="API version">{event.apiVersion ?? 'None'}</Fact>
        <Fact label="Realm">{realmWords(event.realm)}</Fact>
        {event.account === null ? null : (
          <Fact label="Account">
            <CopyId id={event.account} label="account id" />
          </Fact>
        )}
      </FactList>
    </Card>
  );
}
