import type { EventDesk, EventRow, PageRequest, Sandbox } from '../../sandbox';
import { breakable, html, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { factList } from './facts';
import { actForm } from './form-token';
import { idLink, idWithCopy } from './ids';
import { jsonView } from './json-view';
import { deliveryTable } from './panel-deliveries';
import { emptyState, notFound, pageQuery, pager, type PanelView } from './panel-layout';

function row(event: EventRow): Markup {
  return html`<tr data-key="${event.id}">
    <td class="name grow"><a class="type" href="/panel/events/${event.id}">${breakable(event.type)}</a></td>
    <td class="wide-only">${idLink(event.objectId)}</td>
    <td class="wide-only">${idLink(event.id)}</td>
    <td>
      ${
        event.pendingWebhooks > 0
          ? html`<span class="badge warn">${event.pendingWebhooks} waiting</span>`
          : html`<span class="muted">none waiting</span>`
      }
    </td>
    <td class="age">${timeTag(event.created)}</td>
  </tr>`;
}

export function eventTable(events: readonly EventRow[]): Markup {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Type</th>
        <th scope="col" class="wide-only">Object</th>
        <th scope="col" class="wide-only">Event</th>
        <th scope="col">Webhooks</th>
        <th scope="col" class="age">Created</th>
      </tr>
    </thead>
    <tbody>
      ${events.map(row)}
    </tbody>
  </table>`;
}

function typeFilter(sandbox: Pick<Sandbox, 'events'>, chosen: string | null): Markup {
  return html`<form class="filter" action="/panel/events">
    <label for="type">Type</label>
    <select name="type" id="type" data-submits>
      <option value="">all</option>
      ${sandbox.events
        .types()
        .map(
          ({ type, count }) =>
            html`<option value="${type}" ${type === chosen && html`selected`}>${type} (${count})</option>`,
        )}
    </select>
    <button type="submit" class="secondary small">Show</button>
  </form>`;
}

export function eventsView(sandbox: Pick<Sandbox, 'events'>, req: Pick<PageRequest, 'query'>): PanelView {
  const type = req.query.get('type') || null;
  const query = pageQuery(req.query);
  const { rows, nextCursor } = sandbox.events.list(type === null ? query : { ...query, type });
  const content = html`<div class="title-row">
      <h1>Events</h1>
      ${typeFilter(sandbox, type)}
    </div>
    ${
      rows.length === 0
        ? emptyState('No events yet', 'Every change of a payment, charge or session makes one.')
        : eventTable(rows)
    }
    ${pager('/panel/events', req.query, nextCursor)}`;
  return { tab: 'events', title: 'Events', content };
}

export function eventView(
  sandbox: { events: Pick<EventDesk, 'find'> } & Pick<Sandbox, 'deliveries'>,
  eventId: string,
): PanelView {
  const event = sandbox.events.find(eventId);
  if (!event) return notFound('events', 'event');
  const deliveries = sandbox.deliveries.list({ eventId, limit: 100 }).rows;
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="/panel/events">Events</a></p>
        <h1 class="type">${breakable(event.type)}</h1>
        <p class="head-id">${idWithCopy(event.id)}</p>
      </div>
      <div class="acts">
        ${actForm({ action: `/panel/events/${event.id}/resend`, label: 'Resend', tone: 'primary' })}
      </div>
    </div>
    ${factList([
      ['Object', html`${event.objectType} ${idLink(event.objectId)}`],
      ['Undelivered', event.pendingWebhooks],
      ['Created', exactTime(event.created)],
    ])}
    <h2>Deliveries</h2>
    ${
      deliveries.length === 0
        ? html`<p class="muted">No endpoint takes this event.</p>`
        : deliveryTable(deliveries, 'event')
    }
    <h2>Payload</h2>
    ${jsonView(event.body, 'Event payload as JSON')}`;
  return { tab: 'events', title: event.type, content };
}
