import { Link } from '@remix-run/react';
import StickyNote from 'lucide-react/icons/sticky-note';
import Undo2 from 'lucide-react/icons/undo-2';
import UserRound from 'lucide-react/icons/user-round';
import { Amount } from '~/components/money/amount';
import { CopyId } from '~/components/ui/copy-id';
import { TimelineItem } from '~/components/ui/timeline';
import { type Tone } from '~/components/ui/tone';
import { type MoneyBackLevel, type RealmRef } from '~/modules/admin/shared';
import { Cause } from './cause';
import { moneyBackWords } from './money-back-badges';
import { inWords, startingLarge } from './state-badges';
import { StripeId } from './stripe-id';
import { type Entry, Facts, Told } from './timeline-words';

const LEVEL_TONE: Record<MoneyBackLevel, Tone> = { none: 'idle', pending: 'warn', gone: 'bad' };

/** A refund or dispute came to stand somewhere. */
export function BackRow({ entry, realm }: { entry: Entry<'back'>; realm: RealmRef }) {
  const what = entry.back === 'refund' ? 'Refund' : 'Dispute';
  const name = (
    <>
      {what} of <Amount minor={entry.amount} currency={entry.currency} />
    </>
  );
  return (
    <TimelineItem
      id={entry.key}
      title={
        <>
          {entry.back === 'refund' ? (
            name
          ) : (
            <Link to={`/admin/disputes/${entry.moneyBackId}`} prefetch="intent" className="prose-link">
              {name}
            </Link>
          )}{' '}
          <span className="font-normal">{moneyBackWords(entry.back, entry.to).toLowerCase()}</span>
        </>
      }
      at={entry.at}
      tone={LEVEL_TONE[entry.level]}
      icon={Undo2}
    >
      <Told entry={entry}>
        <Cause cause={entry.cause} label="by" />
        {entry.stripeId === null ? (
          <CopyId id={entry.moneyBackId} label={`${entry.back} id`} />
        ) : (
          <StripeId id={entry.stripeId} label={entry.back} realm={realm} />
        )}
      </Told>
    </TimelineItem>
  );
}

const ACT: Readonly<Record<string, string>> = {
  'approval.asked': 'asked for approval',
  'approval.executed': 'approved, and it was carried out',
  'approval.rejected': 'declined',
  'approval.expired': 'let it expire',
  'credits.adjusted': 'changed the credits by hand',
  'offline.recorded': 'recorded a payment made outside Stripe',
  'payment.granted_in_review': 'granted it in review',
  'refund.requested': 'asked for a refund',
  'stripe.checked': 'checked with Stripe',
  'wallet.frozen': 'froze the wallet',
  'wallet.thawed': 'ended a freeze of the wallet',
};

/** What a person did, with the reason and the words that the audit keeps. */
export function ActRow({ entry }: { entry: Entry<'act'> }) {
  const isApproval = entry.subject.startsWith('apr_');
  return (
    <TimelineItem
      id={entry.key}
      title={
        <>
          {entry.actorName ?? startingLarge(inWords(entry.actor))}{' '}
          <span className="font-normal">{ACT[entry.act] ?? entry.act.replaceAll(/[._]/g, ' ')}</span>
        </>
      }
      at={entry.at}
      tone="info"
      icon={UserRound}
    >
      {entry.comment === null ? null : (
        <p className="text-text [overflow-wrap:anywhere]">“{entry.comment}”</p>
      )}
      <Facts>
        {entry.reason === null ? null : <span>Reason: {inWords(entry.reason)}</span>}
        <Link to={`/admin/audit?subject=${entry.subject}`} prefetch="intent" className="prose-link">
          Audit
        </Link>
        {isApproval ? <ApprovalLink id={entry.subject} /> : null}
        {entry.effects.map(({ label, to }) => (
          <Link key={to} to={to} prefetch="intent" className="prose-link">
            {label}
          </Link>
        ))}
        <CopyId id={entry.subject} label="id of what it was about" />
      </Facts>
    </TimelineItem>
  );
}

export function ApprovalLink({ id }: { id: string }) {
  return (
    <Link to={`/admin/approvals/${id}`} prefetch="intent" className="prose-link">
      Approval
    </Link>
  );
}

/** A note that staff left each other. */
export function NoteRow({ entry }: { entry: Entry<'note'> }) {
  return (
    <TimelineItem id={entry.key} title="Note" at={entry.at} tone="idle" icon={StickyNote}>
      <Told entry={entry}>
        <span>by {entry.author}</span>
      </Told>
    </TimelineItem>
  );
}
