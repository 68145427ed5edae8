import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { explainCode } from '~/components/console/explain-step';
import { RawObjects } from '~/components/console/raw-objects';
import { KeylessNotice, RealmMark } from '~/components/console/realm-mark';
import { PaymentActs } from '~/components/console/payment-acts';
import { PaymentFacts } from '~/components/console/payment-facts';
import { TimelineRow } from '~/components/console/payment-timeline';
import { inWords, PaymentStateBadge } from '~/components/console/state-badges';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Amount } from '~/components/money/amount';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import { Tabs } from '~/components/ui/tabs';
import { Timeline } from '~/components/ui/timeline';
import { readPayment } from '~/modules/admin/index.server';
import { type RealmRef, type TimelineEntry, type TimelineKind } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { db } from '~/platform/db.server';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const payment = await readPayment(db(), params['paymentId'] ?? '');
  if (payment === undefined) throw new Response(null, { status: 404 });
  return { ...payment, mayAct: hasRole(role, 'support'), mayExport: hasRole(role, 'finance') };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function PaymentPage() {
  const payment = useHeldData(useLoaderData<typeof loader>());
  useLive();
  return (
    <>
      <PageHeader
        back={{ to: '/admin/payments', label: 'Payments' }}
        title={<Amount minor={payment.amountPaid ?? payment.amountSubtotal} currency={payment.currency} />}
        badge={
          <>
            <PaymentStateBadge state={payment.state} />
            <RealmMark realmId={payment.realm.id} />
          </>
        }
        description={<CopyId id={payment.id} label="payment id" full className="!px-0" />}
        actions={payment.mayAct ? <PaymentActs payment={payment} mayExport={payment.mayExport} /> : undefined}
      />
      <KeylessNotice realmId={payment.realm.id} />
      {payment.reviewReason === null ? null : (
        <Notice tone="warn" className="mb-4" title={`In review: ${inWords(payment.reviewReason)}`}>
          {explainCode(payment.reviewReason)} Stripe settled this money, and no credits were granted for it. A
          person decides what happens to it.
        </Notice>
      )}
      {payment.offline === null ? null : (
        <Notice tone="info" className="mb-4" title="Paid outside Stripe">
          Stripe has none of this money, so it is not refunded here. Pay it back where it came from, then take
          its credits back by an adjustment of the customer’s wallet.
        </Notice>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-6">
          <Stream
            entries={payment.timeline}
            realm={payment.realm}
            path={`/admin/payments/${payment.id}`}
            isCut={payment.isTimelineCut}
          />
          {payment.kind === 'offline' ? null : <RawObjects paymentId={payment.id} realm={payment.realm} />}
        </div>
        <PaymentFacts payment={payment} />
      </div>
    </>
  );
}

const PARTS: readonly { show: string; label: string; kinds: readonly TimelineKind[] }[] = [
  { show: 'money', label: 'State and ledger', kinds: ['state', 'back', 'transfer'] },
  { show: 'staff', label: 'Staff', kinds: ['act'] },
  { show: 'webhooks', label: 'Webhooks', kinds: ['event', 'delivery', 'attempt'] },
  { show: 'calls', label: 'Calls to Stripe', kinds: ['call'] },
  { show: 'mails', label: 'Mails', kinds: ['mail'] },
];

interface StreamProps {
  entries: TimelineEntry[];
  realm: RealmRef;
  path: string;
  isCut: boolean;
}

/** One stream, oldest first; the tabs narrow it. */
function Stream({ entries, realm, path, isCut }: StreamProps) {
  const [search] = useSearchParams();
  const part = PARTS.find(({ show }) => show === search.get('show'));
  const of = (kinds: readonly TimelineKind[]) => entries.filter((entry) => kinds.includes(entry.kind));
  const shown = part === undefined ? entries : of(part.kinds);
  return (
    <Card flush>
      <h2 className="sr-only">Timeline</h2>
      <div className="px-4">
        <Tabs
          label="Parts of the timeline"
          current={part === undefined ? path : `${path}?show=${part.show}`}
          tabs={[
            { to: path, label: 'Everything', count: entries.length },
            ...PARTS.map(({ show, label, kinds }) => ({
              to: `${path}?show=${show}`,
              label,
              count: of(kinds).length,
            })),
          ]}
        />
      </div>
      <div className="p-4">
        {shown.length === 0 ? (
          <p className="text-text-muted">Nothing of this kind happened.</p>
        ) : (
          <Timeline label="Timeline, oldest first">
            {shown.map((entry) => (
              <TimelineRow key={entry.key} entry={entry} realm={realm} />
            ))}
          </Timeline>
        )}
        {isCut ? (
          <p className="text-text-muted">The timeline is cut here; the webhook log has the rest.</p>
        ) : null}
      </div>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data: payment }) => [
  { title: `Payment ${payment?.id ?? ''} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/payments', label: 'Show all payments' }}
      texts={{ 404: { title: 'No such payment', happened: 'No payment has this id.' } }}
    />
  );
}
