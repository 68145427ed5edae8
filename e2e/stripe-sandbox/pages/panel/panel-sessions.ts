import type { PageRequest, Sandbox, SessionRow } from '../../sandbox';
import { formatAmount } from '../amounts';
import { html, safeHref, type Markup } from '../html';
import { timeTag } from '../times';
import { sessionBadge } from './badges';
import { idLink } from './ids';
import { emptyState, pageQuery, pager, type PanelView } from './panel-layout';

function row(session: SessionRow): Markup {
  const url = session.status === 'open' ? safeHref(session.url) : undefined;
  return html`<tr data-key="${session.id}">
    <td class="name">
      <a href="/panel/sessions/${session.id}">${formatAmount(session.amount, session.currency)}</a>
    </td>
    <td>${sessionBadge(session.status, session.paymentStatus)}</td>
    <td class="grow">${session.description}<span class="sub">${session.email ?? 'no e-mail yet'}</span></td>
    <td class="wide-only">${idLink(session.id)}</td>
    <td class="wide-only">${url && html`<a href="${url}" target="_blank" rel="noopener">Open page</a>`}</td>
    <td class="age">${timeTag(session.created)}</td>
  </tr>`;
}

export function sessionsView(sandbox: Pick<Sandbox, 'sessions'>, req: Pick<PageRequest, 'query'>): PanelView {
  const { rows, nextCursor } = sandbox.sessions.list(pageQuery(req.query));
  const content = html`<h1>Checkout sessions</h1>
    ${
      rows.length === 0
        ? emptyState(
            'No sessions yet',
            'Create one through the API, or buy something in the app. It appears here at once.',
          )
        : html`<table>
            <thead>
              <tr>
                <th scope="col">Amount</th>
                <th scope="col">State</th>
                <th scope="col">What</th>
                <th scope="col" class="wide-only">Session</th>
                <th scope="col" class="wide-only">Hosted page</th>
                <th scope="col" class="age">Created</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(row)}
            </tbody>
          </table>`
    }
    ${pager('/panel/sessions', req.query, nextCursor)}`;
  return { tab: 'sessions', title: 'Sessions', content };
}
