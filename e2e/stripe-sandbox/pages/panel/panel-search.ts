import type { ObjectRow, PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { html, type Markup } from '../html';
import { redirectResponse } from '../layout';
import { idLink, panelPath } from './ids';
import { listTable } from './list-table';
import { emptyState, panelResponse } from './panel-layout';

/** The page of what the text names exactly: an id of this mode, or an event type that has been sent. */
function pageOf(sandbox: Sandbox, text: string): string | undefined {
  const { clocks, deliveries, events, objects, requests } = sandbox;
  const isKnown = [objects, events, requests, deliveries, clocks].some(
    (desk) => desk.find(text) !== undefined,
  );
  if (isKnown) return panelPath(text) ?? `/panel/objects/${encodeURIComponent(text)}`;
  return events.types().some(({ type }) => type === text)
    ? `/panel/events?type=${encodeURIComponent(text)}`
    : undefined;
}

function results(found: readonly ObjectRow[]): Markup {
  return listTable(
    [{ label: 'Object', kind: 'name' }, { label: 'Kind' }, { label: 'Id', kind: 'grow' }],
    found.map(({ id, objectType, title }) => ({
      key: id,
      cells: [
        html`<a href="${panelPath(id) ?? `/panel/objects/${id}`}">${title}</a>`,
        objectType.replaceAll(/[._]/g, ' '),
        idLink(id),
      ],
    })),
  );
}

/** Opens what the text names; else what is called so: customers, products, invoices, codes. */
export function handleSearch(sandbox: Sandbox, req: PageRequest): PageResponse {
  const text = (req.query.get('q') ?? '').trim();
  const path = pageOf(sandbox, text);
  if (path !== undefined) return redirectResponse(path);
  const found = text === '' ? [] : sandbox.objects.called(text);
  const content = html`<h1>Search</h1>
    ${
      found.length > 0
        ? results(found)
        : emptyState(
            text === '' ? 'Paste an id' : `Nothing has the id or the name ${text}`,
            'Any Stripe id opens its page: cs_, pi_, ch_, sub_, in_, evt_, req_ and the others. An e-mail, a name, an invoice number or an event type finds too. Each mode holds its own.',
          )
    }`;
  const status = found.length > 0 ? 200 : 404;
  return panelResponse(sandbox, req, { tab: 'objects', title: 'Search', content, live: false, status });
}
