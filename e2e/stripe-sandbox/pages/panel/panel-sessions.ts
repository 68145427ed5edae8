import type { PageRequest, Sandbox, SessionRow } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { html, safeHref, type Fragment } from '../html';
import { timeTag } from '../times';
import { sessionActs } from './act-on-session';
import { sessionBadge } from './badges';
import { filterLinks, listHead } from './filters';
import { actMenu } from './form-token';
import { idLink } from './ids';
import { listTable } from './list-table';
import { currentAddress, emptyState, pageQuery, pager, type PanelView } from './panel-layout';

const PATH = '/panel/sessions';
const STATES = [
  { value: null, label: 'All' },
  { value: 'open', label: 'Open' },
  { value: 'complete', label: 'Complete' },
  { value: 'expired', label: 'Expired' },
] as const;

function row(session: SessionRow, back: string) {
  const url = session.status === 'open' ? safeHref(session.url) : undefined;
  const amount = formatAmount(session.amount, session.currency);
  return {
    key: session.id,
    cells: [
      html`<a href="${PATH}/${session.id}">${amount}</a>`,
      sessionBadge(session),
      html`${session.description} <span class="muted">${session.email ?? 'no e-mail yet'}</span>`,
      url && html`<a href="${url}" target="_blank" rel="noopener">Hosted page</a>`,
      idLink(session.id),
      session.paymentIntentId !== null && idLink(session.paymentIntentId),
      timeTag(session.created),
      actMenu(`${amount}, ${session.id}`, sessionActs(session), back),
    ],
  };
}

export function sessionsView(
  { sessions }: { sessions: Pick<Sandbox['sessions'], 'list'> },
  { query }: Pick<PageRequest, 'query'>,
): PanelView {
  const status = STATES.find(({ value }) => value === query.get('status'))?.value ?? undefined;
  const { rows, nextCursor } = sessions.list({ ...pageQuery(query), ...(status && { status }) });
  const content = html`${listHead(
    'Checkout sessions',
    filterLinks({ path: PATH, query, name: 'status', label: 'State', choices: STATES }),
  )}
  ${
    rows.length === 0
      ? noSessions(status)
      : listTable(
          [
            { label: 'Amount', kind: 'name' },
            { label: 'State' },
            { label: 'What', kind: 'grow' },
            { label: 'Page', kind: 'wide' },
            { label: 'Session', kind: 'wide' },
            { label: 'Payment', kind: 'wide' },
            { label: 'Created', kind: 'age' },
            { label: 'Acts', kind: 'acts' },
          ],
          rows.map((session) => row(session, currentAddress(PATH, query))),
        )
  }
  ${pager(PATH, query, nextCursor)}`;
  return { tab: 'sessions', title: 'Sessions', content };
}

function noSessions(status: string | undefined): Fragment {
  return status === undefined
    ? emptyState(
        'No sessions yet',
        'Create one through the API, or buy something in the app. It appears here at once.',
      )
    : emptyState('None in this state', 'Another state, or All, shows the rest.');
}
