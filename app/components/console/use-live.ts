import { useNavigation, useRevalidator } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { isServerThere } from '~/components/ui/server-there';
import { seconds } from '~/platform/time';

export interface LiveOptions {
  /** Milliseconds between an answer and the next question: 5 seconds unless said. */
  every?: number;
  /** Nothing may move under the reader: rows are selected, or nothing more is to come. */
  isHeld?: boolean;
}

/** An open dialog or menu stands on what the page showed when it opened. A tooltip opens under a mouse that only rests. */
const isInTheMiddle = () =>
  document.querySelector('dialog[open], [popover]:popover-open:not([role="tooltip"])') !== null;

/**
 * Asks again for what a page shows, as long as it is looked at: not in a hidden tab, not under an open dialog or menu, not
 * while rows are selected or the server is out of reach. Place and focus stay, for the page stays: only its data changes.
 */
export function useLive({ every = seconds(5), isHeld = false }: LiveOptions = {}): void {
  const { state, revalidate } = useRevalidator();
  const navigation = useNavigation();
  // A question would begin the navigation that is under way anew, on a slow line for ever.
  const isIdle = state === 'idle' && navigation.state === 'idle';
  useEffect(() => {
    if (isHeld || !isIdle) return undefined;
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      timer = setTimeout(() => void ask(), every);
    };
    const ask = async () => {
      const isSeen = document.visibilityState === 'visible' && !isInTheMiddle();
      if (isSeen && (await isServerThere(ended.signal)) && !isInTheMiddle()) revalidate();
      else if (!ended.signal.aborted) wait();
    };
    const look = () => {
      if (document.visibilityState !== 'visible') return;
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
  }, [every, isHeld, isIdle, revalidate]);
}

/** How often it is looked whether a dialog has closed. */
const LOOK_EVERY = seconds(0.2);

/**
 * A page's data as it stood when a dialog was opened, until it is closed: what the dialog does changes the page under it,
 * and neither the rows that it speaks of nor the dialog itself may go before its answer is read.
 */
export function useHeldData<T>(data: T): T {
  const [held, setHeld] = useState(data);
  useEffect(() => {
    if (held === data) return undefined;
    const settle = () => {
      if (document.querySelector('dialog[open]') === null) setHeld(data);
    };
    settle();
    const timer = setInterval(settle, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [held, data]);
  return held;
}
