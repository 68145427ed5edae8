import type { Sandbox } from '../../sandbox';
import type { ClockOutcome, ClockRow } from '../../sandbox-billing';
import { html, type Fragment, type Markup } from '../html';
import { exactTime } from '../times';
import { objectBadge } from './badges';
import type { ActResult } from './flash';
import { actForm, fieldsForm } from './form-token';
import { idLink } from './ids';
import { emptyState, type PanelView } from './panel-layout';

const HOUR = 3600;
const DAY = 24 * HOUR;

interface Step {
  readonly label: string;
  readonly to: number;
}

/** One month on, on the same day or the last one that the month has. */
function monthAfter(seconds: number): number {
  const from = new Date(seconds * 1000);
  const next = new Date(from);
  next.setUTCMonth(from.getUTCMonth() + 1);
  if (next.getUTCDate() !== from.getUTCDate()) next.setUTCDate(0);
  return Math.floor(next.getTime() / 1000);
}

/** A month and the hour in which a renewal's invoice is finalized is what a plan's next payment needs. */
function steps(clock: ClockRow): Step[] {
  const all = [
    { label: '1 hour', to: clock.frozenTime + HOUR },
    { label: '1 day', to: clock.frozenTime + DAY },
    { label: '1 week', to: clock.frozenTime + 7 * DAY },
    { label: '1 month and 2 hours', to: monthAfter(clock.frozenTime) + 2 * HOUR },
  ];
  return all.filter(({ to }) => clock.furthest !== null && to <= clock.furthest);
}

const inputTime = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 16);

function acts(clock: ClockRow): Fragment {
  const path = `/panel/clocks/${clock.id}`;
  if (clock.furthest === null)
    return clock.status === 'advancing'
      ? html`<p class="muted">On its way to ${clock.target !== null && exactTime(clock.target)}.</p>`
      : actForm({ action: `${path}/delete`, label: 'Delete', tone: 'danger' });
  return html`<div class="acts">
    ${steps(clock).map(({ label, to }) =>
      actForm({ action: `${path}/advance`, label: `+ ${label}`, fields: { to: inputTime(to) } }),
    )}
    ${fieldsForm({
      action: `${path}/advance`,
      label: 'Advance',
      content: html`<input
          type="datetime-local"
          name="to"
          aria-label="Advance ${clock.name ?? clock.id} to (UTC)"
          min="${inputTime(clock.frozenTime + 60)}"
          max="${inputTime(clock.furthest)}"
          required
        />
        <span class="muted">UTC</span>`,
    })}
    ${actForm({ action: `${path}/delete`, label: 'Delete', tone: 'danger' })}
  </div>`;
}

function clockCard(clock: ClockRow): Markup {
  return html`<li data-key="${clock.id}" class="card">
    <div class="card-head">
      <h2>${clock.name ?? 'Clock'} ${objectBadge(clock.status)}</h2>
      ${idLink(clock.id)}
    </div>
    <p class="clock-time">${exactTime(clock.frozenTime)}</p>
    <p class="muted">
      ${clock.subscriptions === 1 ? '1 living subscription' : `${clock.subscriptions} living subscriptions`}
      of
      ${
        clock.customers.length === 0
          ? 'no customer yet'
          : clock.customers.map(
              ({ id, email, name }, place) =>
                html`${place > 0 && ', '}<a href="/panel/objects/${id}">${name ?? email ?? id}</a>`,
            )
      }
    </p>
    ${acts(clock)}
  </li>`;
}

export function clocksView(sandbox: Pick<Sandbox, 'clocks' | 'livemode'>, nowMs = Date.now()): PanelView {
  const clocks = sandbox.clocks.list();
  const creation = fieldsForm({
    action: '/panel/clocks/new/create',
    label: 'New clock',
    content: html`<input name="name" aria-label="Name of the clock" placeholder="Name" maxlength="300" />
      <input
        type="datetime-local"
        name="at"
        aria-label="Frozen time (UTC)"
        value="${inputTime(nowMs / 1000)}"
        required
      />
      <span class="muted">UTC</span>`,
  });
  const content = html`<div class="title-row">
      <h1>Test clocks</h1>
      ${!sandbox.livemode && creation}
    </div>
    ${
      clocks.length === 0
        ? emptyState(
            'No test clocks',
            'A customer created with test_clock lives by it: its subscriptions renew, end and fail as the clock is advanced.',
          )
        : html`<ul class="cards">
            ${clocks.map(clockCard)}
          </ul>`
    }`;
  return { tab: 'clocks', title: 'Test clocks', content };
}

const secondsOf = (text: string | null): number => Date.parse(`${text ?? ''}Z`) / 1000;

/** What a button of the clocks' page asks. */
export function actOnClock(
  { clocks }: Pick<Sandbox, 'clocks'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  switch (act) {
    case 'create': {
      const frozenTime = secondsOf(form.get('at'));
      if (Number.isNaN(frozenTime)) return { tone: 'bad', text: 'That is no time.' };
      return told(clocks.create({ frozenTime, name: form.get('name')?.trim() || null }), 'The clock stands.');
    }
    case 'advance': {
      const to = secondsOf(form.get('to'));
      if (Number.isNaN(to)) return { tone: 'bad', text: 'That is no time.' };
      return told(clocks.advance(id, to), 'The clock is on its way.');
    }
    case 'delete':
      return told(clocks.remove(id), 'The clock is gone, with its customers.');
    default:
      return undefined;
  }
}

function told(outcome: ClockOutcome, done: string): ActResult | undefined {
  switch (outcome.outcome) {
    case 'done':
      return { tone: 'ok', text: done, to: '/panel/clocks' };
    case 'refused':
      return { tone: 'bad', text: outcome.message, to: '/panel/clocks' };
    case 'unknown_clock':
      return undefined;
  }
}
