import { createContext, useContext, useSyncExternalStore } from 'react';
import { ReaderZone } from './reader-zone';
import { absoluteTime, relativeTime } from './relative-time';
import { Tooltip } from './tooltip';

const TICK_MS = 15_000;

/** The server's clock when it rendered the page: hydration starts from the same words. */
export const RenderedAt = createContext<number>(0);

function subscribe(onTick: () => void): () => void {
  const timer = setInterval(onTick, TICK_MS);
  return () => clearInterval(timer);
}

function currentTick(): number {
  return Math.floor(Date.now() / TICK_MS) * TICK_MS;
}

function useNow(): Date {
  const renderedAt = useContext(RenderedAt);
  return new Date(useSyncExternalStore(subscribe, currentTick, () => renderedAt));
}

export interface TimeProps {
  at: Date;
  className?: string | undefined;
}

/** Relative words, kept fresh; the reader's own time and UTC on hover. */
export function TimeAgo({ at, className }: TimeProps) {
  const now = useNow();
  const zone = useContext(ReaderZone);
  return (
    <Tooltip content={<BothClocks at={at} />}>
      <time dateTime={at.toISOString()} className={className ?? 'whitespace-nowrap'}>
        {relativeTime(at, now, zone)}
      </time>
    </Tooltip>
  );
}

/** Absolute, in the reader's time zone; relative words and UTC on hover. */
export function Timestamp({ at, className }: TimeProps) {
  const zone = useContext(ReaderZone);
  return (
    <Tooltip content={<BothClocks at={at} />}>
      <time dateTime={at.toISOString()} className={className ?? 'figures whitespace-nowrap'}>
        {absoluteTime(at, zone)}
      </time>
    </Tooltip>
  );
}

function BothClocks({ at }: { at: Date }) {
  const now = useNow();
  const zone = useContext(ReaderZone);
  return (
    <span className="figures">
      {relativeTime(at, now, zone)}
      <br />
      {zone === 'UTC' ? null : (
        <>
          {absoluteTime(at, zone)}
          <br />
        </>
      )}
      {at.toISOString().replace('T', ' ').replace('Z', ' UTC')}
    </span>
  );
}
