import type { PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { html } from '../html';
import { redirectResponse } from '../layout';
import { panelPath } from './ids';
import { emptyState, panelResponse } from './panel-layout';

/** Opens what the id names; what is no id of this mode is said so. */
export function handleSearch(sandbox: Sandbox, req: PageRequest): PageResponse {
  const text = (req.query.get('q') ?? '').trim();
  const isKnown = sandbox.objects.find(text) !== undefined || sandbox.events.find(text) !== undefined;
  const path = isKnown ? (panelPath(text) ?? `/panel/objects/${encodeURIComponent(text)}`) : undefined;
  if (path !== undefined) return redirectResponse(path);
  const content = html`<h1>Search</h1>
    ${emptyState(
      text === '' ? 'Paste an id' : `Nothing has the id ${text}`,
      'Any Stripe id opens its object: cs_, pi_, ch_, re_, du_, cus_, sub_, in_, evt_ and the others. Each mode holds its own.',
    )}`;
  return panelResponse(sandbox, req, { tab: 'objects', title: 'Search', content, live: false, status: 404 });
}
