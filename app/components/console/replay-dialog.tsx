import RotateCcw from 'lucide-react/icons/rotate-ccw';
import { type ReactNode, useState } from 'react';
import { SelectField } from '~/components/ui/field';
import { MEND_REASON_LABEL, MEND_REASONS } from '~/modules/webhooks/shared';
import { ActDialog, type ActDialogProps } from './act-dialog';
import { EVENT_ACTS, eventCount, REPLAY_INTENTS, type SeenRef } from './event-acts';
import { Prediction } from './prediction';

export const MEND_REASON_OPTIONS = MEND_REASONS.map((value) => ({ value, label: MEND_REASON_LABEL[value] }));

/** One event: what it would come to is shown first. */
export function ReplayOne({ seen, isPrimary }: { seen: SeenRef; isPrimary: boolean }) {
  const { realmId: realm, eventId: id, run } = seen;
  return (
    <ActDialog
      opener={{ label: 'Replay…', icon: RotateCcw, variant: isPrimary ? 'primary' : 'secondary' }}
      title="Replay this event"
      description="It is processed once more, as if it came now. What was done before is not done twice."
      action={EVENT_ACTS.replay}
      intent={REPLAY_INTENTS.start}
      hidden={{ realm, selection: JSON.stringify({ id, run }), how: 'real' }}
      reasons={MEND_REASON_OPTIONS}
      submitLabel="Replay"
      pendingLabel="Starting…"
    >
      <Prediction seen={seen} />
    </ActDialog>
  );
}

export interface ReplayManyProps {
  opener: ActDialogProps['opener'];
  realmId: string;
  /** As /admin/webhooks/replay takes it. */
  selection: object;
  /** How many they are, as far as is known. */
  count: number | undefined;
  children?: ReactNode;
}

/** Many events: first without effect unless somebody says otherwise. */
export function ReplayMany({ opener, realmId, selection, count, children }: ReplayManyProps) {
  const [how, setHow] = useState('dry');
  const events = count === undefined ? 'these events' : eventCount(count);
  return (
    <ActDialog
      opener={opener}
      title={`Replay ${events}`}
      description="They are taken page by page by a worker; you can watch, and cancel, on the page of the replay."
      action={EVENT_ACTS.replay}
      intent={REPLAY_INTENTS.start}
      hidden={{ realm: realmId, selection: JSON.stringify(selection) }}
      reasons={MEND_REASON_OPTIONS}
      submitLabel={how === 'dry' ? `Try ${events}` : `Replay ${events}`}
      pendingLabel="Starting…"
    >
      {children}
      <SelectField
        label="How"
        name="how"
        value={how}
        onChange={(event) => setHow(event.currentTarget.value)}
        options={[
          { value: 'dry', label: 'Dry run: say what each would come to, keep nothing' },
          { value: 'real', label: 'For real, at once' },
        ]}
      />
    </ActDialog>
  );
}
