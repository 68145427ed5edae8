import type { PortalView } from '../../sandbox-billing';
import { html, safeHref, type Fragment, type Markup } from '../html';
import { documentResponse } from '../layout';
import { merchantBar } from '../merchant-bar';
import type { PageResponse } from '../../sandbox';

export interface PortalVisitor {
  /** The path of the portal session, without a slash at the end. */
  readonly path: string;
  readonly view: PortalView;
}

export interface Sheet {
  readonly title: string;
  readonly content: Fragment;
  /** What an act answered, said above the content. */
  readonly problem?: string | null;
  /** The page formats a card as it is typed. */
  readonly script?: boolean;
}

function returnLink({ businessName, returnUrl }: PortalView): Fragment {
  const back = safeHref(returnUrl);
  return back && html`<a class="portal-return" href="${back}">Return to ${businessName}</a>`;
}

function sideLink(address: string | null, label: string): Fragment {
  const href = safeHref(address);
  return href && html`<a href="${href}">${label}</a>`;
}

/** Who the portal belongs to on the left, what is done on the right. */
export function portalFrame({ view }: PortalVisitor, sheet: Fragment): Markup {
  const { businessName, headline, session } = view;
  return html`<div class="portal">
    <header class="portal-side">
      <div class="portal-column">
        ${merchantBar({ businessName, backTo: null, livemode: session.livemode })}
        <p class="portal-headline">
          ${headline ?? `Manage your ${businessName} billing: plan, payment methods and invoices.`}
        </p>
        ${returnLink(view)}
        <p class="portal-links">
          ${sideLink(view.termsOfServiceUrl, 'Terms')} ${sideLink(view.privacyPolicyUrl, 'Privacy')}
        </p>
        <p class="footnote">Local Stripe sandbox. No real money moves; never type a real card.</p>
      </div>
    </header>
    <main class="portal-main"><div class="portal-column">${sheet}</div></main>
  </div>`;
}

/** One decision of the portal: a title, the form, the way back. */
export function sheetPage(visitor: PortalVisitor, { title, content, problem, script }: Sheet): PageResponse {
  const { path, view } = visitor;
  const back = view.session.flow ? safeHref(view.returnUrl) : path;
  const body = portalFrame(
    visitor,
    html`${back && html`<p class="crumb"><a href="${back}">Go back</a></p>`}
      <h1>${title}</h1>
      <div class="alert" role="alert" ${!problem && html`hidden`}>${problem}</div>
      ${content}`,
  );
  return documentResponse({
    title: `${view.businessName} · ${title}`,
    body,
    room: 'portal',
    script: script ?? false,
  });
}
