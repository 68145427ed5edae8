const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "4 min ago", "in 3 h", "yesterday", "12 Mar", "12 Mar 2025": one glance, never wrong by more than its unit. */
export function relativeTime(at: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  const distance = Math.abs(seconds);
  const say = (amount: number, unit: string) =>
    seconds >= 0 ? `${amount} ${unit} ago` : `in ${amount} ${unit}`;
  if (distance < 45) return 'just now';
  if (distance < HOUR) return say(Math.max(1, Math.floor(distance / MINUTE)), 'min');
  if (distance < DAY) return say(Math.floor(distance / HOUR), 'h');
  if (distance < 2 * DAY) return seconds >= 0 ? 'yesterday' : 'tomorrow';
  if (distance < 7 * DAY) return say(Math.floor(distance / DAY), 'days');
  return dayOf(at, at.getUTCFullYear() !== now.getUTCFullYear());
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function dayOf(at: Date, withYear: boolean): string {
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ''}`;
  return withYear ? `${day} ${at.getUTCFullYear()}` : day;
}

/** "21 Nov 2026, 05:48:12 UTC": the same on server and browser. */
export function utcTime(at: Date): string {
  return `${dayOf(at, true)}, ${at.toISOString().slice(11, 19)} UTC`;
}
