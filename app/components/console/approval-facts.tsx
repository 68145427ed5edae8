import { Link } from '@remix-run/react';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { type ApprovalView } from '~/modules/admin/shared';
import { type StaffActKind } from '~/modules/approvals/shared';
import { UnitAmount } from './approval-words';
import { customerName } from './payment-table';
import { inWords, startingLarge } from './state-badges';

/** Where what is acted on is shown. A dialog's key has no page. */
const SUBJECT_PAGE: Partial<
  Record<StaffActKind, (subject: string, paymentId?: string) => string | undefined>
> = {
  assign: (subject) =>
    subject.startsWith('pay_') ? `/admin/payments/${subject}` : `/admin/webhooks/events/${subject}`,
  dismiss: (subject) => `/admin/webhooks/events/${subject}`,
  refund: (_, paymentId) => (paymentId === undefined ? undefined : `/admin/payments/${paymentId}`),
  offline: (subject) => (subject.startsWith('pay_') ? `/admin/payments/${subject}` : undefined),
};

/** Who asks for what, and why. */
export function ApprovalFacts({ approval }: { approval: ApprovalView }) {
  const page = SUBJECT_PAGE[approval.act]?.(approval.subject, approval.paymentId);
  return (
    <Card title="Request">
      <FactList>
        <Fact label="Act">{approval.label}</Fact>
        <Fact label="Amount">
          <UnitAmount unit={approval.unit} amount={approval.amount} />
        </Fact>
        {approval.customer === null ? null : (
          <Fact label="Customer">
            <Link to={`/admin/customers/${approval.customer.id}`} prefetch="intent" className="prose-link">
              {customerName(approval.customer)}
            </Link>
          </Fact>
        )}
        {approval.act === 'adjust' ? null : (
          <Fact label="About">
            {page === undefined ? (
              <CopyId id={approval.subject} label="subject id" />
            ) : (
              <Link to={page} prefetch="intent" className="prose-link font-mono text-xs">
                {approval.paymentId ?? approval.subject}
              </Link>
            )}
          </Fact>
        )}
        <Fact label="Asked by">
          {approval.requester.name} <span className="text-text-muted">({approval.role})</span>
        </Fact>
        <Fact label="Reason">{startingLarge(inWords(approval.reason))}</Fact>
        <Fact label="Comment">
          <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">{approval.comment}</span>
        </Fact>
        <Fact label="Asked">
          <Timestamp at={approval.createdAt} />
        </Fact>
        {approval.state === 'open' ? (
          <Fact label="Ends by itself">
            <TimeAgo at={approval.expiresAt} />
          </Fact>
        ) : null}
        <Fact label="Id">
          <CopyId id={approval.id} label="approval id" />
        </Fact>
        <Fact label="Audit">
          <Link to={`/admin/audit?subject=${approval.id}`} prefetch="intent" className="prose-link">
            Rows of this request
          </Link>
        </Fact>
      </FactList>
    </Card>
  );
}
