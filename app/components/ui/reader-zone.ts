import { createContext, useEffect, useState } from 'react';

import { days, seconds } from '~/platform/time';

const UTC = 'UTC';
const COOKIE = 'zone';
const KEPT_SECONDS = days(365) / seconds(1);

/** The time zone that pages tell absolute times in. */
export const ReaderZone = createContext(UTC);

/** The time zone that a browser keeps in its cookie; UTC where none is told or none of that name is known. */
export function zoneOf(request: Request): string {
  const told = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w/+-]{1,60})(?:;|$)`).exec(
    request.headers.get('cookie') ?? '',
  )?.[1];
  return told !== undefined && isZone(told) ? told : UTC;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Begins with what the server rendered; a browser elsewhere says so once and keeps it for the pages to come. */
export function useReaderZone(rendered: string): string {
  const [zone, setZone] = useState(rendered);
  useEffect(() => {
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (own === zone || !isZone(own)) return;
    document.cookie = `${COOKIE}=${own}; path=/; max-age=${KEPT_SECONDS}; samesite=lax`;
    setZone(own);
  }, [zone]);
  return zone;
}
