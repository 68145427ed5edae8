import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { TimeAgo } from '~/components/ui/time';
import { type PauseView } from '~/modules/admin/shared';
import { PAUSE_EFFECT, PAUSE_LABEL, PAUSE_REASON_LABEL, PAUSE_REASONS } from '~/modules/pauses/shared';
import { ActDialog } from './act-dialog';

const REASONS = PAUSE_REASONS.map((value) => ({ value, label: PAUSE_REASON_LABEL[value] }));
const STOPS = REASONS.filter(({ value }) => value !== 'over');
const reasonWords = (code: string) => PAUSE_REASONS.find((known) => known === code);

/** One switch: what it stops, how it stands, and the way to turn it. */
export function PauseSwitchCard({ one, mayAct }: { one: PauseView; mayAct: boolean }) {
  const { book, work, pause } = one;
  const name = PAUSE_LABEL[work];
  const reason = pause === null ? undefined : reasonWords(pause.reason);
  return (
    <Card
      title={name}
      actions={<Badge tone={pause === null ? 'ok' : 'bad'}>{pause === null ? 'Goes on' : 'Paused'}</Badge>}
    >
      <p className="text-text-muted">{PAUSE_EFFECT[work]}</p>
      {pause === null ? null : (
        <p className="mt-3 [overflow-wrap:anywhere]">
          Paused by {pause.who} <TimeAgo at={pause.since} />.{' '}
          {reason === undefined ? null : `${PAUSE_REASON_LABEL[reason]}: `}
          {pause.comment}
        </p>
      )}
      {mayAct ? (
        <div className="mt-4">
          {pause === null ? (
            <ActDialog
              opener={{ label: `Pause ${name.toLowerCase()}`, icon: Pause, size: 'sm' }}
              title={`Pause ${name.toLowerCase()} in the ${book} book?`}
              description={PAUSE_EFFECT[work]}
              intent="pause"
              hidden={{ book, work }}
              reasons={STOPS}
              submitLabel={`Pause ${name.toLowerCase()}`}
              pendingLabel="Pausing…"
              isDanger
            >
              <p>Your comment stands on every page of the console while it is paused.</p>
            </ActDialog>
          ) : (
            <ActDialog
              opener={{
                label: `Let ${name.toLowerCase()} go on`,
                icon: Play,
                size: 'sm',
                variant: 'primary',
              }}
              title={`Let ${name.toLowerCase()} go on in the ${book} book?`}
              description="What waited is taken up at once."
              intent="resume"
              hidden={{ book, work }}
              reasons={REASONS}
              submitLabel="Let it go on"
              pendingLabel="Letting it go on…"
            />
          )}
        </div>
      ) : null}
    </Card>
  );
}
