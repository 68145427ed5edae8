import type { Sandbox } from '../../sandbox';
import type { ClockDetail, ClockRow, ClockTask } from '../../sandbox-billing';
import { html, type Fragment, type Markup } from '../html';
import { exactTime, relativeTime } from '../times';
import { objectBadge } from './badges';
import { clockBar, inputTime } from './clock-acts';
import { listHead } from './filters';
import { fieldsForm } from './form-token';
import { idLink, idWithCopy } from './ids';
import { listTable } from './list-table';
import { eventTable } from './panel-events';
import { emptyState, notFound, type PanelView } from './panel-layout';

const PATH = '/panel/clocks';

const spoken = (kind: string): string => kind.replaceAll('_', ' ');

/** By the clock's own time. */
const inClockTime = (at: number, { frozenTime }: ClockRow): string =>
  relativeTime(at * 1000, frozenTime * 1000);

function owners({ customers, subscriptions }: ClockRow): Markup {
  const count = subscriptions === 1 ? '1 living subscription' : `${subscriptions} living subscriptions`;
  const names = customers.map(
    ({ id, email, name }, place) =>
      html`${place > 0 && ', '}<a href="/panel/objects/${id}">${name ?? email ?? id}</a>`,
  );
  return html`${count} of ${customers.length === 0 ? 'no customer yet' : names}`;
}

function nextLine(clock: ClockRow): Fragment {
  const { next } = clock;
  return next && html` · next: ${spoken(next.kind)} ${inClockTime(next.at, clock)}, ${exactTime(next.at)}`;
}

function clockCard(clock: ClockRow): Markup {
  return html`<li data-key="${clock.id}" class="card">
    <div class="card-head">
      <h2><a href="${PATH}/${clock.id}">${clock.name ?? 'Clock'}</a> ${objectBadge(clock.status)}</h2>
      ${idLink(clock.id)}
    </div>
    <p class="clock-time">${exactTime(clock.frozenTime)}</p>
    <p class="muted">${owners(clock)}${nextLine(clock)}</p>
    ${clockBar(clock, PATH)}
  </li>`;
}

export function clocksView(sandbox: Pick<Sandbox, 'clocks' | 'livemode'>, nowMs = Date.now()): PanelView {
  const clocks = sandbox.clocks.list();
  const creation = fieldsForm({
    action: `${PATH}/new/create`,
    label: 'New clock',
    back: PATH,
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
  const content = html`${listHead('Test clocks', !sandbox.livemode && creation)}
  ${
    clocks.length === 0
      ? emptyState(
          sandbox.livemode ? 'Live mode has no test clocks' : 'No test clocks',
          'A customer created with test_clock lives by it: its subscriptions renew, end and fail as the clock is advanced.',
        )
      : html`<ul class="cards">
          ${clocks.map(clockCard)}
        </ul>`
  }`;
  return { tab: 'clocks', title: 'Test clocks', content };
}

function waitingTable(clock: ClockDetail, tasks: readonly ClockTask[]): Markup {
  return listTable(
    [
      { label: 'What', kind: 'name' },
      { label: 'Of', kind: 'grow' },
      { label: 'At' },
      { label: 'By the clock', kind: 'age' },
    ],
    tasks.map((task) => ({
      key: `${task.kind} ${task.subject} ${task.at}`,
      cells: [spoken(task.kind), idLink(task.subject), exactTime(task.at), inClockTime(task.at, clock)],
    })),
  );
}

function advanceStory({ id, lastAdvance }: ClockDetail): Markup {
  if (!lastAdvance) return html`<p class="muted">It was not advanced yet.</p>`;
  const { events, from, isCut, to } = lastAdvance;
  return html`<p class="muted">
      From ${exactTime(from)} to ${exactTime(to)}${isCut && ': the first hundred events'}.
    </p>
    ${
      events.length === 0
        ? html`<p class="muted">Nothing happened to what lives by it.</p>`
        : eventTable(events, `${PATH}/${id}`)
    }`;
}

/** One clock: its time, what waits for it, and what its last advance did. */
export function clockView({ clocks }: Pick<Sandbox, 'clocks'>, clockId: string): PanelView {
  const clock = clocks.find(clockId);
  if (!clock) return notFound('clocks', 'clock');
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="${PATH}">Test clocks</a></p>
        <h1>${clock.name ?? 'Clock'} ${objectBadge(clock.status)}</h1>
        <p class="head-id">${idWithCopy(clock.id)}</p>
      </div>
    </div>
    <p class="clock-time">${exactTime(clock.frozenTime)}</p>
    <p class="muted">${owners(clock)}</p>
    ${clockBar(clock, `${PATH}/${clock.id}`)}
    <h2>What waits</h2>
    ${
      clock.waiting.length === 0
        ? html`<p class="muted">Nothing waits for this clock.</p>`
        : waitingTable(clock, clock.waiting)
    }
    <h2>What the last advance did</h2>
    ${advanceStory(clock)}`;
  return { tab: 'clocks', title: clock.name ?? clock.id, content };
}
