const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "4 min ago", "in 3 h", "yesterday", "12 Mar", "12 Mar 2025": one glance, never wrong by more than its unit. */
export function relativeTime(at: Date, now: Date, zone: string): string {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000);
  const distance = Math.abs(seconds);
  const say = (amount: number, unit: string) =>
    seconds >= 0 ? `${amount} ${unit} ago` : `in ${amount} ${unit}`;
  if (distance < 45) return 'just now';
  if (distance < HOUR) return say(Math.max(1, Math.floor(distance / MINUTE)), 'min');
  if (distance < DAY) return say(Math.floor(distance / HOUR), 'h');
  if (distance < 2 * DAY) return seconds >= 0 ? 'yesterday' : 'tomorrow';
  if (distance < 7 * DAY) return say(Math.floor(distance / DAY), 'days');
  const { day, year } = clockOf(at, zone);
  return year === clockOf(now, zone).year ? day : `${day} ${year}`;
}

/** "21 Nov 2026, 06:48:12 GMT+1", "21 Nov 2026, 05:48:12 UTC": the same on server and browser for one zone. */
export function absoluteTime(at: Date, zone: string): string {
  const { day, year, time, zoneName } = clockOf(at, zone);
  return `${day} ${year}, ${time} ${zoneName}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const formats = new Map<string, Intl.DateTimeFormat>();

// Numbers and the offset only: names of months and zones differ between the ICU of a server and that of a browser.
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', timeZoneName: 'shortOffset' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(zone, made);
  return made;
}

function clockOf(at: Date, zone: string) {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  // Some say `GMT+0`, others `GMT`.
  const offset = of('timeZoneName').replace(/\+0$/, '');
  return {
    day: `${Number(of('day'))} ${MONTHS[Number(of('month')) - 1] ?? ''}`,
    year: of('year'),
    time: `${of('hour')}:${of('minute')}:${of('second')}`,
    zoneName: offset === 'GMT' && zone === 'UTC' ? 'UTC' : offset,
  };
}
