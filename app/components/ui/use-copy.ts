import { useEffect, useState } from 'react';

const SHOWN_MS = 1_600;

export type CopyState = 'idle' | 'copied' | 'failed';

/** Copies to the clipboard; the state falls back to idle by itself. */
export function useCopy(): [CopyState, (text: string) => void] {
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  function copy(text: string) {
    writeClipboard(text).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  }
  return [state, copy];
}

// Without https (a private network address) browsers have no clipboard API.
async function writeClipboard(text: string): Promise<void> {
  if (!window.isSecureContext) throw new Error('The clipboard needs https.');
  await navigator.clipboard.writeText(text);
}
