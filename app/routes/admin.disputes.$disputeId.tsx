import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { CheckWithStripe } from '~/components/console/check-with-stripe';
import { useConsole } from '~/components/console/console-context';
import { MoneyBackBadge } from '~/components/console/money-back-badges';
import { customerName } from '~/components/console/payment-table';
import { TimelineRow } from '~/components/console/payment-timeline';
import { KeylessNotice, RealmMark, realmWords } from '~/components/console/realm-mark';
import { inWords, PaymentStateBadge, startingLarge } from '~/components/console/state-badges';
import { StripeId } from '~/components/console/stripe-id';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import { Timeline } from '~/components/ui/timeline';
import { Timestamp } from '~/components/ui/time';
import { readDispute } from '~/modules/admin/index.server';
import { type DisputeView, stripePageOf } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { DISPUTE_ANSWERABLE } from '~/modules/disputes/shared';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const dispute = await readDispute(db(), params['disputeId'] ?? '');
  if (dispute === undefined) throw new Response(null, { status: 404 });
  return { ...dispute, mayAct: hasRole(role, 'support') };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function DisputePage() {
  const dispute = useHeldData(useLoaderData<typeof loader>());
  useLive();
  const { keyless } = useConsole();
  const isHeld = !keyless.includes(dispute.realm.id);
  return (
    <>
      <PageHeader
        back={{ to: '/admin/disputes', label: 'Disputes' }}
        title={<Amount minor={dispute.amount} currency={dispute.currency} />}
        badge={
          <>
            <MoneyBackBadge kind="dispute" status={dispute.status} />
            <RealmMark realmId={dispute.realm.id} />
          </>
        }
        description={<CopyId id={dispute.id} label="dispute id" full className="!px-0" />}
        actions={
          dispute.mayAct && isHeld ? (
            <CheckWithStripe about={dispute.payment.id} label="Check with Stripe" />
          ) : undefined
        }
      />
      <KeylessNotice realmId={dispute.realm.id} />
      <AnswerNotice dispute={dispute} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Card title="What happened" description="Each step of the dispute, and what it did to the credits.">
          <Timeline label="Timeline, oldest first">
            {dispute.timeline.map((entry) => (
              <TimelineRow key={entry.key} entry={entry} realm={dispute.realm} />
            ))}
          </Timeline>
        </Card>
        <div className="grid content-start gap-4">
          <CreditFacts dispute={dispute} />
          <DisputeFacts dispute={dispute} />
        </div>
      </div>
    </>
  );
}

/** While it can be answered: until when, and where. */
function AnswerNotice({ dispute }: { dispute: DisputeView }) {
  const { desk } = useConsole();
  const answerable: readonly string[] = DISPUTE_ANSWERABLE;
  if (!answerable.includes(dispute.status)) return null;
  const [page] = [dispute.stripeId, dispute.payment.stripeIntent].flatMap((id) =>
    id === null ? [] : (stripePageOf(desk, dispute.realm, id) ?? []),
  );
  return (
    <Notice
      tone="warn"
      className="mb-4"
      title="It waits for an answer"
      action={
        page === undefined ? undefined : (
          <a href={page} target="_blank" rel="noreferrer" className="prose-link whitespace-nowrap">
            Answer it {desk.at === 'sandbox' ? 'in the sandbox' : 'at Stripe'}
          </a>
        )
      }
    >
      {dispute.dueBy === null ? (
        'Stripe names no deadline.'
      ) : (
        <>
          Evidence is taken until <Timestamp at={dispute.dueBy} />. Without an answer the bank keeps the
          money.
        </>
      )}
    </Notice>
  );
}

function CreditFacts({ dispute }: { dispute: DisputeView }) {
  const { claim, freeze, customer } = dispute;
  return (
    <Card title="Credits" description="Of the payment, whose refunds and disputes share them.">
      <FactList>
        {claim === null ? (
          <Fact label="Granted">
            <span className="text-text-muted">None</span>
          </Fact>
        ) : (
          <>
            <Fact label="Granted">
              <Credits value={claim.granted} />
            </Fact>
            <Fact label={dispute.level === 'pending' ? 'Held back' : 'Taken'}>
              <Credits value={claim.taken} />
            </Fact>
            <Fact label="Shortfall">
              <Credits value={claim.shortfall} />
            </Fact>
            <Fact label="Still owed">
              <Credits value={claim.owed} />
            </Fact>
          </>
        )}
        <Fact label="Wallet">
          {freeze === null ? (
            'Not frozen by it'
          ) : freeze.thawedAt === null ? (
            <Badge tone="bad">Frozen</Badge>
          ) : (
            'Thawed'
          )}
        </Fact>
        {freeze === null ? null : (
          <Fact label={freeze.thawedAt === null ? 'Since' : 'Until'}>
            <Timestamp at={freeze.thawedAt ?? freeze.frozenAt} />
          </Fact>
        )}
        <Fact label="Customer">
          <Link to={`/admin/customers/${customer.id}`} prefetch="intent" className="prose-link">
            {customerName(customer)}
          </Link>
        </Fact>
      </FactList>
    </Card>
  );
}

function DisputeFacts({ dispute }: { dispute: DisputeView }) {
  const { payment, realm } = dispute;
  return (
    <Card title="Dispute">
      <FactList>
        <Fact label="Reason">
          {dispute.reason === null ? 'None' : startingLarge(inWords(dispute.reason))}
        </Fact>
        <Fact label="The bank has">
          <Amount minor={dispute.level === 'gone' ? dispute.taken : 0n} currency={dispute.currency} />
        </Fact>
        <Fact label="Answer by">
          {dispute.dueBy === null ? (
            <span className="text-text-muted">None</span>
          ) : (
            <Timestamp at={dispute.dueBy} />
          )}
        </Fact>
        <Fact label="Payment">
          <Link to={`/admin/payments/${payment.id}`} prefetch="intent" className="prose-link mr-2">
            Show
          </Link>
          <PaymentStateBadge state={payment.state} />
        </Fact>
        {dispute.stripeId === null ? null : (
          <Fact label="At Stripe">
            <Link to={`/admin/webhooks/events?object=${dispute.stripeId}`} className="prose-link mr-1">
              Events
            </Link>
            <StripeId id={dispute.stripeId} label="dispute" realm={realm} />
          </Fact>
        )}
        {payment.stripeCharge === null ? null : (
          <Fact label="Charge">
            <StripeId id={payment.stripeCharge} label="charge" realm={realm} />
          </Fact>
        )}
        <Fact label="Opened here">
          <Timestamp at={dispute.createdAt} />
        </Fact>
        <Fact label="Realm">{realmWords(realm)}</Fact>
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: dispute }) => [
  { title: `Dispute ${dispute?.id ?? ''} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/disputes', label: 'Show all disputes' }}
      texts={{ 404: { title: 'No such dispute', happened: 'No dispute has this id.' } }}
    />
  );
}
