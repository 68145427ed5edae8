import { type ActDialogProps, ActDialog } from './act-dialog';
import { DISMISS_REASON_LABEL, DISMISS_REASONS } from '~/modules/webhooks/shared';
import { DISMISS_INTENT, EVENT_ACTS, eventCount, type SeenRef } from './event-acts';

export interface DismissDialogProps {
  opener: ActDialogProps['opener'];
  events: readonly SeenRef[];
  /** Whether settled money stands behind any of them, as far as is seen. */
  isMoney: boolean;
  mayDismissMoney: boolean;
}

/** Closes events for good, unless somebody replays them. */
export function DismissDialog({ opener, events, isMoney, mayDismissMoney }: DismissDialogProps) {
  const said = eventCount(events.length);
  return (
    <ActDialog
      opener={opener}
      title={`Dismiss ${said}`}
      description="Nothing more is done about them. They stay in the list as dismissed, and can be replayed."
      action={EVENT_ACTS.dismiss}
      intent={DISMISS_INTENT}
      hidden={{ events: JSON.stringify(events) }}
      reasons={DISMISS_REASONS.map((value) => ({ value, label: DISMISS_REASON_LABEL[value] }))}
      submitLabel={`Dismiss ${said}`}
      pendingLabel="Dismissing…"
      isDanger
    >
      {isMoney ? (
        <p className="rounded bg-warn-soft px-3 py-2 text-warn">
          {mayDismissMoney
            ? 'Money was taken, and nobody gets credits for it. It counts against your limit; above it a second person decides.'
            : 'Where money was taken, finance alone may say that nobody gets credits for it: those are left.'}
        </p>
      ) : null}
    </ActDialog>
  );
}
