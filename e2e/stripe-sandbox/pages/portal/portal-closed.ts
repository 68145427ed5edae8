import type { PageResponse } from '../../sandbox';
import type { PortalView } from '../../sandbox-billing';
import { CLOSED, DONE, noticePage, unknownPage } from '../checkout/closed-page';
import { safeHref } from '../html';

export function expiredPortal(returnUrl: string | null): PageResponse {
  return noticePage({
    title: 'Portal session expired',
    merchant: null,
    mark: CLOSED,
    heading: 'This portal session has expired',
    text: 'Open the portal again from where you came.',
    link: { href: safeHref(returnUrl), label: 'Go back' },
  });
}

export function unknownPortal(): PageResponse {
  return unknownPage({
    title: 'Portal session not found',
    heading: 'No such portal session',
    text: 'The link is incomplete, or its session belongs to another sandbox data folder.',
  });
}

/** The end of a flow whose seller wants it confirmed here. */
export function confirmedPage(
  { businessName, returnUrl, session }: PortalView,
  message: string | null,
): PageResponse {
  return noticePage({
    title: `${businessName} · Done`,
    merchant: { businessName, backTo: null, livemode: session.livemode },
    mark: DONE,
    heading: 'Done',
    text: message ?? 'Your billing is up to date.',
    link: { href: safeHref(returnUrl), label: `Return to ${businessName}` },
  });
}
