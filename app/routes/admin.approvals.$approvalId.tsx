import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { type ActReply } from '~/components/console/act-reply';
import { ApprovalDecision, DECISION } from '~/components/console/approval-decision';
import { ApprovalFacts } from '~/components/console/approval-facts';
import { amountWords, ApprovalStateBadge, UnitAmount } from '~/components/console/approval-words';
import { BeforeAfter } from '~/components/console/before-after';
import { inWords, startingLarge } from '~/components/console/state-badges';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import { Timestamp } from '~/components/ui/time';
import {
  approvalDeps,
  approveRequest,
  declineRequest,
  previewRequest,
} from '~/console/approval-doors.server';
import { parseAct } from '~/console/act-form.server';
import { approveForm, declineForm } from '~/console/approval-form.server';
import { consoleRealm, readApproval } from '~/modules/admin/index.server';
import { type ClosedApproval } from '~/modules/admin/shared';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { db } from '~/platform/db.server';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const approval = await readApproval(db(), params['approvalId'] ?? '', user.id);
  if (approval === undefined) throw new Response(null, { status: 404 });
  const isHere = approval.book === realm.mode;
  const isOpen = approval.state === 'open';
  const isFinance = hasRole(user.role, 'finance');
  return {
    approval,
    isHere,
    // Read after the wallet's number, so that what is shown is never older than what is approved.
    preview: isOpen && isHere ? await previewRequest(await approvalDeps(db()), approval.id) : undefined,
    mayApprove: isOpen && isHere && isFinance && approval.own === undefined,
    mayDecline: isOpen && isHere && (isFinance || approval.own === 'request'),
    isFinance,
  };
}

export async function action({ request, params }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome !== 'acting') return acting;
  const form = await request.formData();
  const approvalId = params['approvalId'] ?? '';
  return form.get('intent') === DECISION.approve
    ? approveBy(request, approvalId, form)
    : declineBy(request, approvalId, form);
}

async function approveBy(request: Request, approvalId: string, form: FormData): Promise<ActReply> {
  const { id: approver, role } = await requireStaff(request, 'finance');
  const parsed = parseAct(form, approveForm);
  if (!parsed.ok) return parsed.reply;
  const { seq: walletSeq, reason, comment } = parsed.value;
  const answer = await approveRequest(await approvalDeps(db()), {
    ...{ approvalId, approver, role, walletSeq, reason, comment },
  });
  const { outcome, message } = answer;
  const way = 'way' in answer && answer.way ? { link: answer.way } : {};
  return outcome === 'refused' ? { outcome, message } : { outcome, message, ...way };
}

async function declineBy(request: Request, approvalId: string, form: FormData): Promise<ActReply> {
  const user = await requireStaff(request, 'support');
  const parsed = parseAct(form, declineForm);
  if (!parsed.ok) return parsed.reply;
  const approval = await readApproval(db(), approvalId, user.id);
  if (approval?.own !== 'request' && !hasRole(user.role, 'finance'))
    return { outcome: 'refused', message: 'Finance decides about requests of others.' };
  const { reason, comment } = parsed.value;
  const answer = await declineRequest(await approvalDeps(db()), {
    approvalId,
    actor: user.id,
    reason,
    comment,
  });
  switch (answer.outcome) {
    case 'rejected':
      return { outcome: 'done', message: 'The request is closed, and nothing has moved.' };
    case 'closed':
      return { outcome: 'refused', message: 'It was closed before you: look at how it ended.' };
    case 'not_found':
      return { outcome: 'refused', message: 'There is no such request here.' };
  }
}

export default function ApprovalPage() {
  const { approval, preview, isHere, mayApprove, mayDecline, isFinance } =
    useHeldData(useLoaderData<typeof loader>());
  useLive();
  return (
    <>
      <PageHeader
        back={{ to: '/admin/approvals', label: 'Approvals' }}
        title={`${approval.label}: ${amountWords(approval)}`}
        badge={<ApprovalStateBadge state={approval.state} />}
        actions={
          <ApprovalDecision
            approval={approval}
            mayApprove={mayApprove}
            mayDecline={mayDecline}
            isBarred={preview?.bar !== undefined}
          />
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid gap-4">
          {approval.closed === undefined ? null : <Closed state={approval.state} closed={approval.closed} />}
          {approval.state !== 'open' || isHere ? null : (
            <Notice tone="warn" title="It belongs to the other book">
              It is decided in the console of the {approval.book} realm.
            </Notice>
          )}
          {approval.state !== 'open' || approval.own === undefined ? null : (
            <Notice tone="info" title="Somebody else decides">
              {approval.own === 'request'
                ? 'You asked for this yourself, so you cannot approve it.'
                : 'This is the wallet of your own log-in, so you cannot approve it.'}
            </Notice>
          )}
          {approval.state !== 'open' || approval.own !== undefined || isFinance ? null : (
            <Notice tone="info" title="Finance decides">
              Whoever may is asked by mail.
            </Notice>
          )}
          {preview === undefined ? null : <WhatHappens preview={preview} />}
          {approval.state === 'expired' ? (
            <Notice tone="idle" title="Expired">
              Nobody decided within seven days. Nothing has moved; it can be asked for again.
            </Notice>
          ) : null}
        </div>
        <ApprovalFacts approval={approval} />
      </div>
    </>
  );
}

type Preview = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>['preview']>;

function WhatHappens({ preview }: { preview: Preview }) {
  return (
    <Card title="What will happen" description="As things stand now, if it is approved.">
      {preview.bar === undefined ? null : (
        <Notice tone="bad" title="It cannot be carried out now" className="mb-3">
          {preview.bar}
        </Notice>
      )}
      {preview.changes.length === 0 ? null : (
        <BeforeAfter
          label="Change"
          changes={preview.changes.map((change) => ({
            label: change.label,
            before:
              change.unit === null ? change.before : <UnitAmount unit={change.unit} amount={change.before} />,
            after:
              change.unit === null ? change.after : <UnitAmount unit={change.unit} amount={change.after} />,
          }))}
        />
      )}
      {preview.notes.map((note) => (
        <p key={note} className="mt-3 text-text-muted">
          {note}
        </p>
      ))}
    </Card>
  );
}

function Closed({ state, closed }: { state: string; closed: ClosedApproval }) {
  const done = state === 'executed';
  return (
    <Notice
      tone={done ? 'ok' : 'idle'}
      role="status"
      title={
        <>
          {done ? 'Approved and carried out' : state === 'rejected' ? 'Declined' : 'Closed'}
          {closed.by === null ? '' : ` by ${closed.by.name}`}, <Timestamp at={closed.at} />
        </>
      }
    >
      {closed.reason === null ? null : <>{startingLarge(inWords(closed.reason))}. </>}
      {closed.comment === null ? null : <>“{closed.comment}” </>}
      {closed.effects.map(({ to, label }) => (
        <Link key={to} to={to} prefetch="intent" className="prose-link mr-3">
          {label}
        </Link>
      ))}
    </Notice>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  {
    title: `${data?.approval.label ?? 'Approval'} · Credence console`,
  },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/approvals', label: 'Show open approvals' }}
      texts={{ 404: { title: 'No such request', happened: 'No request has this id.' } }}
    />
  );
}
