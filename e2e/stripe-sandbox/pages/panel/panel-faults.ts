import * as z from 'zod';
import type { PageRequest, Sandbox } from '../../sandbox';
import type { ChaosDesk, MischiefRow } from '../../sandbox-chaos';
import { html, type Fragment, type Markup } from '../html';
import { timeTag } from '../times';
import type { ActResult } from './flash';
import { actForm, fieldsForm } from './form-token';
import { idLink } from './ids';
import { listTable } from './list-table';
import { emptyState, pageQuery, pager, type PanelView } from './panel-layout';

const spoken = (name: string): string => name.replaceAll('_', ' ');

function mixText(mix: object): string {
  return Object.entries(mix)
    .filter(([name, value]) => name !== 'seed' && value !== undefined)
    .map(([name, value]) => `${spoken(name)} ${Array.isArray(value) ? value.join('–') : doseText(value)}`)
    .join(' · ');
}

function doseText(value: unknown): string {
  if (typeof value === 'number')
    return value > 0 && value <= 1 ? `${Math.round(value * 100)} %` : String(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function presetForm(chaos: ChaosDesk): Markup {
  const presets = chaos.presets();
  return html`${fieldsForm({
      action: '/panel/faults/preset/set',
      label: 'Begin',
      tone: 'primary',
      content: html`<label for="seed">Seed</label>
        <input name="seed" id="seed" type="number" value="${chaos.current()?.seed ?? 1}" required />
        <label for="preset">Mix</label>
        <select name="preset" id="preset">
          ${presets.map(({ name }) => html`<option value="${name}">${spoken(name)}</option>`)}
        </select>`,
    })}
    <dl class="mixes">
      ${presets.map(
        ({ name, mix }) =>
          html`<div>
            <dt>${spoken(name)}</dt>
            <dd>${mixText(mix)}</dd>
          </div>`,
      )}
    </dl>`;
}

function currentMix(chaos: ChaosDesk): Fragment {
  const current = chaos.current();
  const run = chaos.run();
  const struck = Object.entries(run.struck);
  if (!current) return html`<p class="muted">Nothing goes wrong by seed. Begin a run below.</p>`;
  return html`<div class="card">
    <div class="card-head">
      <h2>Seed ${current.seed}</h2>
      ${actForm({ action: '/panel/faults/all/stop', label: 'Stop', tone: 'danger' })}
    </div>
    <p class="muted">${mixText(current)}</p>
    <p>
      ${run.acts === 1 ? '1 act' : `${run.acts} acts`} since ${timeTag(run.startedMs / 1000)}.
      ${
        struck.length === 0
          ? 'No fault has struck yet.'
          : struck.map(([fault, count], place) => `${place > 0 ? ', ' : ''}${spoken(fault)} ${count} ×`)
      }
    </p>
  </div>`;
}

function mischiefTable(rows: readonly MischiefRow[]): Markup {
  return listTable(
    [
      { label: 'Fault', kind: 'name' },
      { label: 'Detail' },
      { label: 'To', kind: 'grow' },
      { label: 'Event', kind: 'wide' },
      { label: 'Act', kind: 'wide' },
      { label: 'When', kind: 'age' },
    ],
    rows.map((row) => ({
      key: row.id,
      cells: [
        html`<strong>${spoken(row.fault)}</strong>`,
        row.detail,
        row.eventId === null
          ? (row.eventType ?? 'an API request')
          : html`<a class="type" href="/panel/events/${row.eventId}">${row.eventType}</a>`,
        row.eventId !== null && idLink(row.eventId),
        row.act === 0 ? null : row.act,
        timeTag(row.atMs / 1000),
      ],
    })),
  );
}

/** What goes wrong on purpose: the mix, what it did, and the run as a file. */
export function faultsView({ chaos }: Pick<Sandbox, 'chaos'>, req: Pick<PageRequest, 'query'>): PanelView {
  const { rows, nextCursor } = chaos.done(pageQuery(req.query));
  const content = html`<div class="title-row">
      <h1>Faults by seed</h1>
      <a href="/panel/faults/run.json">Save this run</a>
    </div>
    ${currentMix(chaos)}
    <h2>Begin a run</h2>
    ${presetForm(chaos)}
    <h2>A mix of your own</h2>
    ${fieldsForm({
      action: '/panel/faults/own/set',
      label: 'Begin',
      content: html`<input
        name="mix"
        size="44"
        aria-label="Mix"
        placeholder="seed=42,duplicate=0.3,drop=x2,delay_ms=100-900"
        required
      />`,
    })}
    <h2>What it did</h2>
    ${
      rows.length === 0
        ? emptyState(
            'Nothing so far',
            'Each fault that strikes is told here. The same seed gives the same run.',
          )
        : mischiefTable(rows)
    }
    ${pager('/panel/faults', req.query, nextCursor)}`;
  return { tab: 'faults', title: 'Faults', content };
}

/** What a button of the faults' page asks. */
export function actOnFaults(
  { chaos }: Pick<Sandbox, 'chaos'>,
  name: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  const to = '/panel/faults';
  if (act === 'stop') {
    chaos.set(null);
    return { tone: 'ok', text: 'Nothing goes wrong on purpose any more.', to };
  }
  if (act !== 'set') return undefined;
  const text =
    name === 'own'
      ? (form.get('mix') ?? '')
      : `seed=${form.get('seed') ?? ''},preset=${form.get('preset') ?? ''}`;
  try {
    chaos.begin(text);
    return { tone: 'ok', text: 'A new run has begun.', to };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return { tone: 'bad', text: z.prettifyError(error), to };
  }
}
