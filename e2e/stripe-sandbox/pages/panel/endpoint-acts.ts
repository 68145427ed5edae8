import { DAY_SECONDS, HOUR_SECONDS } from '../../durations';
import type { Sandbox } from '../../sandbox';
import type { EndpointOutcome, EndpointRow } from '../../sandbox-webhooks';
import { html, type Fragment, type Markup } from '../html';
import type { ActResult } from './flash';
import { actBar, actForm, fieldsForm, type ActForm } from './form-token';

const PATH = '/panel/endpoints';
/** How long the secrets so far go on signing after a roll; a day is what Stripe allows. */
const OVERLAPS = [
  { seconds: 0, label: 'the old one ends at once' },
  { seconds: HOUR_SECONDS, label: 'the old one holds 1 hour' },
  { seconds: DAY_SECONDS, label: 'the old one holds 24 hours' },
] as const;

function switchAct({ id, status }: EndpointRow): ActForm {
  return status === 'enabled'
    ? { action: `${PATH}/${id}/disable`, label: 'Disable' }
    : { action: `${PATH}/${id}/enable`, label: 'Enable', tone: 'primary' };
}

/** The buttons of an endpoint in a list. */
export function endpointActs(endpoint: EndpointRow): ActForm[] {
  const path = `${PATH}/${endpoint.id}`;
  const day = { overlap: String(DAY_SECONDS) };
  return [
    ...(endpoint.status === 'enabled' ? [{ action: `${path}/test`, label: 'Send a test event' }] : []),
    switchAct(endpoint),
    { action: `${path}/roll`, label: 'Roll secret, old one 24 hours', fields: day },
    { action: `${path}/delete`, label: 'Delete', tone: 'danger' },
  ];
}

/** The buttons at the head of an endpoint's page; `types`: what may be sent as a test. */
export function endpointBar(endpoint: EndpointRow, types: readonly string[]): Markup {
  const path = `${PATH}/${endpoint.id}`;
  const choice = html`<select name="type" aria-label="Test event">
    <option value="">the newest event</option>
    ${types.map((type) => html`<option value="${type}">${type}</option>`)}
  </select>`;
  const overlap = html`<select name="overlap" aria-label="How long the old secret holds">
    ${OVERLAPS.map(({ label, seconds }) => html`<option value="${seconds}">${label}</option>`)}
  </select>`;
  const test: Fragment = fieldsForm({ action: `${path}/test`, label: 'Send a test event', content: choice });
  return actBar(
    endpoint.url,
    html`${endpoint.status === 'enabled' && test} ${actForm(switchAct(endpoint))}
    ${fieldsForm({ action: `${path}/roll`, label: 'Roll secret', content: overlap })}`,
    [{ action: `${path}/delete`, label: 'Delete this endpoint', tone: 'danger' }],
  );
}

/** What a button of an endpoint asks; undefined: there is no such endpoint or act. */
export function actOnEndpoint(
  { endpoints }: Pick<Sandbox, 'endpoints'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  switch (act) {
    case 'enable':
      return told(endpoints.enable(id), { text: 'The endpoint gets events again.' });
    case 'disable':
      return told(endpoints.disable(id), { text: 'The endpoint gets no events until it is enabled.' });
    case 'delete':
      return told(endpoints.remove(id), { text: 'The endpoint is gone.', to: PATH });
    case 'roll': {
      const overlap = OVERLAPS.find(({ seconds }) => String(seconds) === form.get('overlap')) ?? OVERLAPS[0];
      const text = `A new secret signs from now on; ${overlap.label}.`;
      return told(endpoints.roll(id, overlap.seconds), { text });
    }
    case 'test':
      return tested(endpoints, id, form.get('type') || null);
    default:
      return undefined;
  }
}

function told(outcome: EndpointOutcome, done: Omit<ActResult, 'tone'>): ActResult | undefined {
  return outcome.outcome === 'done' ? { ...done, tone: 'ok' } : undefined;
}

function tested(endpoints: Sandbox['endpoints'], id: string, type: string | null): ActResult | undefined {
  const outcome = endpoints.test(id, type);
  switch (outcome.outcome) {
    case 'sent':
      return { tone: 'ok', text: `${outcome.eventType} is on its way to this endpoint alone.` };
    case 'no_event':
      return {
        tone: 'bad',
        text: 'Nothing that this endpoint takes has happened yet. Create a customer, or run: stripe trigger payment_intent.succeeded',
      };
    case 'disabled':
      return { tone: 'bad', text: 'The endpoint is disabled: enable it first.' };
    case 'unknown_endpoint':
      return undefined;
  }
}
