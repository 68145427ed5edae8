import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';

import { isServerThere } from '~/components/ui/server-there';
import { minutes, seconds } from '~/platform/time';

import { type Waited } from './payment-words';

/** `brisk` while the answer is due any moment, `calm` while it may take its time, `never` when nothing is to come. */
export type Pace = 'brisk' | 'calm' | 'never';

const PAUSE = {
  brisk: { first: seconds(1), growth: 1.25, most: seconds(15) },
  calm: { first: seconds(3), growth: 1.5, most: seconds(60) },
};

/**
 * Asks again while something is still to come, after pauses that grow; not while the page is hidden or the server is
 * out of reach, so that a page that waits never turns into an error page. Begins anew with each change of `subject`.
 */
export function useFreshFacts(pace: Pace, subject: string): void {
  const { state, revalidate } = useRevalidator();
  const asked = useRef({ subject, times: 0 });
  const isIdle = state === 'idle';
  useEffect(() => {
    if (asked.current.subject !== subject) asked.current = { subject, times: 0 };
    if (pace === 'never' || !isIdle) return undefined;
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      const { first, growth, most } = PAUSE[pace];
      timer = setTimeout(() => void ask(), Math.min(most, first * growth ** asked.current.times));
    };
    const ask = async () => {
      asked.current.times += 1;
      if (document.visibilityState === 'visible' && (await isServerThere(ended.signal))) revalidate();
      else if (!ended.signal.aborted) wait();
    };
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      asked.current.times = 0;
      clearTimeout(timer);
      void ask();
    };
    wait();
    document.addEventListener('visibilitychange', look);
    return () => {
      ended.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [pace, subject, isIdle, revalidate]);
}

const LONG = seconds(20);
const VERY_LONG = minutes(3);

const waitedAfter = (ms: number): Waited => (ms >= VERY_LONG ? 'very_long' : ms >= LONG ? 'long' : 'briefly');

/** How long the reader has waited, `already` milliseconds of it before the page came; anew for each `subject`. */
export function useWaited(subject: string, already: number): Waited {
  const [reached, setReached] = useState({ subject, ms: already });
  useEffect(() => {
    const timers = [LONG, VERY_LONG]
      .filter((limit) => limit > already)
      .map((limit) => setTimeout(() => setReached({ subject, ms: limit }), limit - already));
    return () => timers.forEach(clearTimeout);
  }, [subject, already]);
  return waitedAfter(reached.subject === subject ? Math.max(reached.ms, already) : already);
}
