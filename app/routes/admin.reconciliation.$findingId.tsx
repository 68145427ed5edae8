import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { type ActReply } from '~/components/console/act-reply';
import { FindingActs } from '~/components/console/finding-acts';
import { FindingEvidence } from '~/components/console/finding-evidence';
import { FindingBadge, findingLabel } from '~/components/console/finding-table';
import { customerName } from '~/components/console/payment-table';
import { RealmMark, realmWords } from '~/components/console/realm-mark';
import { StripeId } from '~/components/console/stripe-id';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Credits } from '~/components/money/credits';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { PageHeader } from '~/components/ui/page-header';
import { Timestamp } from '~/components/ui/time';
import { parseAct } from '~/console/act-form.server';
import { actOnFinding } from '~/console/finding-door.server';
import { findingForm } from '~/console/finding-form.server';
import { readFinding } from '~/modules/admin/index.server';
import { type FindingView } from '~/modules/admin/shared';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { findingWords } from '~/modules/findings/shared';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const finding = await readFinding(db(), params['findingId'] ?? '');
  if (finding === undefined) throw new Response(null, { status: 404 });
  return { ...finding, mayAct: hasRole(role, 'support') };
}

export async function action({ request, params }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(await request.formData(), findingForm);
  if (!parsed.ok) return parsed.reply;
  const { intent, reason, comment } = parsed.value;
  const { id: actor, role } = acting.user;
  const findingId = params['findingId'] ?? '';
  return actOnFinding(db(), { intent, findingId, actor, role, reason, comment });
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function FindingPage() {
  const finding = useHeldData(useLoaderData<typeof loader>());
  useLive();
  const words = findingWords(finding.kind);
  return (
    <>
      <PageHeader
        back={{ to: '/admin/reconciliation', label: 'Reconciliation' }}
        title={findingLabel(finding.kind)}
        badge={
          <>
            <FindingBadge state={finding.state} />
            <RealmMark realmId={finding.realm.id} />
          </>
        }
        description={<CopyId id={finding.id} label="finding id" full className="!px-0" />}
        actions={finding.mayAct ? <FindingActs finding={finding} /> : undefined}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid content-start gap-4">
          <Card title="What differs" description={words?.means} flush>
            <p className="px-4 py-3 text-sm [overflow-wrap:anywhere]">{finding.detail}</p>
            {finding.evidence.length === 0 ? null : (
              <FindingEvidence label="Stripe’s facts and our rows" lines={finding.evidence} />
            )}
          </Card>
          {finding.after.length === 0 ? null : (
            <Card title="After" description="Both sides as they were read when it was closed." flush>
              <FindingEvidence label="Both sides when it was closed" lines={finding.after} />
            </Card>
          )}
          <Card title="Proposed repair">
            <p className="max-w-[70ch] text-sm">{words?.repair ?? 'A person looks at it.'}</p>
            {finding.proven ? (
              <p className="mt-2 text-sm text-text-muted">
                It is proven: the automatic repair applies it when it is on.
              </p>
            ) : null}
          </Card>
        </div>
        <Related finding={finding} />
      </div>
    </>
  );
}

function Related({ finding }: { finding: FindingView }) {
  const { customer, paymentId, objectId, realm } = finding;
  return (
    <Card title="Finding">
      <FactList>
        {paymentId === null ? null : (
          <Fact label="Payment">
            <Link to={`/admin/payments/${paymentId}`} prefetch="intent" className="prose-link mr-1">
              Show
            </Link>
            <CopyId id={paymentId} label="payment id" />
          </Fact>
        )}
        {customer === null ? null : (
          <Fact label="Customer">
            <Link to={`/admin/customers/${customer.id}`} prefetch="intent" className="prose-link">
              {customerName(customer)}
            </Link>
          </Fact>
        )}
        {objectId === null ? null : (
          <Fact label="At Stripe">
            <Link to={`/admin/webhooks/events?object=${objectId}`} className="prose-link mr-1">
              Events
            </Link>
            <StripeId id={objectId} label="object" realm={realm} />
          </Fact>
        )}
        <Fact label="Credits at most">
          <Credits value={finding.credits} />
        </Fact>
        <Fact label="Found">
          <Timestamp at={finding.createdAt} />
        </Fact>
        <Fact label="Last seen">
          <Timestamp at={finding.seenAt} />
        </Fact>
        {finding.resolvedAt === null ? null : (
          <Fact label="Closed">
            <Timestamp at={finding.resolvedAt} />
          </Fact>
        )}
        {finding.who === null ? null : <Fact label="By">{finding.who}</Fact>}
        {finding.comment === null ? null : <Fact label="Comment">{finding.comment}</Fact>}
        <Fact label="Staff acts">
          <Link to={`/admin/audit?q=${finding.id}`} className="prose-link">
            Audit
          </Link>
        </Fact>
        <Fact label="Realm">{realmWords(realm)}</Fact>
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: finding }) => [
  { title: `Finding ${finding?.id ?? ''} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/reconciliation', label: 'Show all findings' }}
      texts={{ 404: { title: 'No such finding', happened: 'No finding has this id.' } }}
    />
  );
}
