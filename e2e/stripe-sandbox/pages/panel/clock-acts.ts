import { DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS } from '../../durations';
import type { Sandbox } from '../../sandbox';
import type { ClockOutcome, ClockRow } from '../../sandbox-billing';
import { html, type Fragment } from '../html';
import { exactTime } from '../times';
import type { ActResult } from './flash';
import { actBar, actForm, fieldsForm, type ActForm } from './form-token';

const PATH = '/panel/clocks';

/** One month on, on the same day or the last one that the month has. */
function monthAfter(seconds: number): number {
  const from = new Date(seconds * 1000);
  const next = new Date(from);
  next.setUTCMonth(from.getUTCMonth() + 1);
  if (next.getUTCDate() !== from.getUTCDate()) next.setUTCDate(0);
  return Math.floor(next.getTime() / 1000);
}

/** Of a renewal, an hour on: its invoice is finalized and paid then. */
function nextStep({ next }: ClockRow): Array<{ label: string; to: number }> {
  if (!next) return [];
  return next.kind === 'renew_subscription'
    ? [{ label: 'To the next invoice', to: next.at + HOUR_SECONDS + MINUTE_SECONDS }]
    : [{ label: `To the next: ${next.kind.replaceAll('_', ' ')}`, to: next.at + 1 }];
}

/** A month and the hour in which a renewal's invoice is finalized is what a plan's next payment needs. */
function steps(clock: ClockRow): ActForm[] {
  const { frozenTime, furthest, id } = clock;
  const all = [
    { label: '+ 1 hour', to: frozenTime + HOUR_SECONDS },
    { label: '+ 1 day', to: frozenTime + DAY_SECONDS },
    { label: '+ 1 week', to: frozenTime + 7 * DAY_SECONDS },
    { label: '+ 1 month and 2 hours', to: monthAfter(frozenTime) + 2 * HOUR_SECONDS },
    ...nextStep(clock),
  ];
  return all
    .filter(({ to }) => furthest !== null && to <= furthest && to > frozenTime)
    .map(({ label, to }) => ({ action: `/panel/clocks/${id}/advance`, label, fields: { at: String(to) } }));
}

export const inputTime = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 16);

/** How far the clock may be set, in steps or to a minute. */
export function clockBar(clock: ClockRow, back: string): Fragment {
  const path = `/panel/clocks/${clock.id}`;
  const name = clock.name ?? clock.id;
  const remove: ActForm = { action: `${path}/delete`, label: 'Delete, with its customers', tone: 'danger' };
  if (clock.status === 'advancing')
    return html`<p class="muted">On its way to ${clock.target !== null && exactTime(clock.target)}.</p>`;
  if (clock.furthest === null) return actBar(name, null, [remove]);
  const minute = fieldsForm({
    action: `${path}/advance`,
    label: 'Advance',
    back,
    content: html`<input
        type="datetime-local"
        name="to"
        aria-label="Advance ${name} to (UTC)"
        min="${inputTime(clock.frozenTime + 60)}"
        max="${inputTime(clock.furthest)}"
        required
      />
      <span class="muted">UTC</span>`,
  });
  return actBar(name, [...steps(clock).map((step) => actForm({ ...step, back })), minute], [remove]);
}

const secondsOf = (text: string | null): number => Date.parse(`${text ?? ''}Z`) / 1000;

/** What a button of a clock asks; undefined: there is no such clock or act. */
export function actOnClock(
  { clocks }: Pick<Sandbox, 'clocks'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  switch (act) {
    case 'create': {
      const frozenTime = secondsOf(form.get('at'));
      if (Number.isNaN(frozenTime)) return NO_TIME;
      const made = clocks.create({ frozenTime, name: form.get('name')?.trim() || null });
      return told(made, 'The clock stands. Create a customer with test_clock to let it live by it.', PATH);
    }
    case 'advance': {
      const at = form.get('at');
      const to = at === null ? secondsOf(form.get('to')) : Number(at);
      if (Number.isNaN(to)) return NO_TIME;
      return told(clocks.advance(id, to), 'The clock is on its way.');
    }
    case 'delete':
      return told(clocks.remove(id), 'The clock is gone, with its customers.', PATH);
    default:
      return undefined;
  }
}

const NO_TIME: ActResult = { tone: 'bad', text: 'That is no time.', to: PATH };

function told(outcome: ClockOutcome, done: string, to?: string): ActResult | undefined {
  switch (outcome.outcome) {
    case 'done':
      return { tone: 'ok', text: done, ...(to !== undefined && { to }) };
    case 'refused':
      return { tone: 'bad', text: outcome.message };
    case 'unknown_clock':
      return undefined;
  }
}
