import { Link } from '@remix-run/react';
import { Banner } from '~/components/ui/notice';
import { TimeAgo } from '~/components/ui/time';
import { type PauseView } from '~/modules/admin/shared';
import { PAUSE_LABEL } from '~/modules/pauses/shared';

/** A line on every page of the console for all that is paused: who, since when and why. Nothing while all goes on. */
export function PauseBanner({ pauses }: { pauses: readonly PauseView[] }) {
  if (pauses.length === 0) return null;
  return (
    <Banner tone="bad" label="Paused">
      <ul>
        {pauses.map(({ book, work, pause }) =>
          pause === null ? null : (
            <li key={`${book} ${work}`} className="[overflow-wrap:anywhere]">
              <Link to="/admin/settings/pauses" className="underline underline-offset-2">
                {PAUSE_LABEL[work]} paused
              </Link>{' '}
              in the {book} book by {pause.who} <TimeAgo at={pause.since} />: {pause.comment}
            </li>
          ),
        )}
      </ul>
    </Banner>
  );
}
