import type { PageResponse } from '../../sandbox';
import type { PortalAct, PortalDesk } from '../../sandbox-billing';
import { redirectResponse } from '../layout';
import type { PortalVisitor } from './portal-frame';
import { portalHome } from './portal-home';

export interface PortalRequest {
  readonly desk: PortalDesk;
  readonly token: string;
  readonly visitor: PortalVisitor;
  /** What follows the session's path: a room, an id in it, a step. */
  readonly room: string;
  readonly id: string;
  readonly step: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

/** Where an act leads: on when it is done, back to its page with the reason when it is refused. */
export function answered(
  { visitor }: Pick<PortalRequest, 'visitor'>,
  done: PortalAct,
  notice: string,
  again: (problem: string) => PageResponse = (problem) => portalHome(visitor, { notice: null, problem }),
): PageResponse {
  switch (done.outcome) {
    case 'done':
      return redirectResponse(afterwards(visitor, notice));
    case 'refused':
    case 'declined':
      return again(done.message);
    case 'expired':
    case 'unknown_session':
      return redirectResponse(visitor.path);
  }
}

/** The end that the seller gave the flow, else the portal's own page. */
function afterwards({ path, view }: PortalVisitor, notice: string): string {
  const after = view.session.flow?.after_completion;
  if (after?.type === 'redirect' && after.redirect) return after.redirect.return_url;
  if (after?.type === 'hosted_confirmation') return `${path}/done`;
  return `${path}?notice=${notice}`;
}
