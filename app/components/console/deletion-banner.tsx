import { Link } from '@remix-run/react';
import { Notice } from '~/components/ui/notice';
import { Timestamp } from '~/components/ui/time';
import { type Tone } from '~/components/ui/tone';
import {
  DELETION_REASON_LABEL,
  DELETION_REASONS,
  type DeletionState,
  type DeletionView,
  OPEN_LABEL,
  type OpenThing,
} from '~/modules/customers/shared';
import { ActDialog } from './act-dialog';
import { CALL_OFF } from './deletion-intents';

const TITLE: Record<DeletionState, string> = {
  asked: 'The deletion of this customer is asked for',
  under_way: 'This customer is being deleted',
  waiting: 'The deletion of this customer waits',
  done: 'This customer is deleted',
  canceled: 'The deletion was called off',
};
const TONE: Record<DeletionState, Tone> = {
  asked: 'warn',
  under_way: 'info',
  waiting: 'warn',
  done: 'idle',
  canceled: 'idle',
};

interface DeletionBannerProps {
  customerId: string;
  deletion: DeletionView;
  /** Whether this person may call it off. */
  mayCallOff: boolean;
}

/** How far the deletion of a customer is, above all else on their page. */
export function DeletionBanner({ customerId, deletion, mayCallOff }: DeletionBannerProps) {
  const { state, waitsFor } = deletion;
  return (
    <Notice
      tone={TONE[state]}
      title={TITLE[state]}
      className="mb-6"
      action={
        state === 'asked' && mayCallOff ? (
          <ActDialog
            opener={{ label: 'Call it off', size: 'sm' }}
            title="Call the deletion off"
            description="The customer may log in and buy again, and their credits are free."
            action={`/admin/customers/${customerId}/deletion`}
            intent={CALL_OFF}
            reasons={DELETION_REASONS.map((value) => ({ value, label: DELETION_REASON_LABEL[value] }))}
            submitLabel="Call it off"
            pendingLabel="Calling it off…"
          />
        ) : undefined
      }
    >
      <Progress deletion={deletion} />
      {waitsFor.length === 0 ? null : (
        <ul className="mt-1 list-disc pl-5" aria-label="What the deletion waits for">
          {waitsFor.map((thing) => (
            <li key={`${thing.kind}:${thing.id}`}>
              {OPEN_LABEL[thing.kind]}: <OpenLink thing={thing} />
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

function Progress({ deletion }: { deletion: DeletionView }) {
  const { state, beginsAt, endedAt, createdAt, erased } = deletion;
  switch (state) {
    case 'asked':
      return (
        <>
          They are logged out and buy nothing; their credits are frozen. What cannot be undone begins{' '}
          <Timestamp at={beginsAt} />.
        </>
      );
    case 'under_way':
      return <>Stripe is asked to end what goes on. What settles from now on goes to review.</>;
    case 'waiting':
      return <>It ends by itself when nothing of this is open any more. What settles goes to review.</>;
    case 'done': {
      const rows = erased.reduce((sum, { rows: n }) => sum + n, 0);
      return (
        <>
          Asked for <Timestamp at={createdAt} />, done {endedAt === null ? null : <Timestamp at={endedAt} />}.
          The books stay; the person was taken out of {rows} rows. What settles now goes to review, to be
          refunded.
        </>
      );
    }
    case 'canceled':
      return null;
  }
}

function OpenLink({ thing: { kind, id, paymentId } }: { thing: OpenThing }) {
  const to =
    kind === 'dispute'
      ? `/admin/disputes/${id}`
      : kind === 'approval'
        ? `/admin/approvals/${id}`
        : kind === 'call'
          ? `/admin/webhooks/calls/${id}`
          : paymentId === undefined
            ? undefined
            : `/admin/payments/${paymentId}`;
  const name = <code className="text-xs">{id}</code>;
  return to === undefined ? (
    name
  ) : (
    <Link to={to} className="prose-link">
      {name}
    </Link>
  );
}
