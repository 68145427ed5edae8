import { html, type Fragment } from './html';
import type { PageResponse } from '../sandbox';

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%23b45309'/%3E%3Cpath d='M9 12h14M9 16h14M9 20h8' stroke='%23fff' stroke-width='2.5' stroke-linecap='round'/%3E%3C/svg%3E";

/**
 * No form-action here: browsers apply it to the redirects after a POST, and a paid session redirects to the
 * shop's own origin. A mail's frame inherits this policy, hence the inline styles and foreign images.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'img-src data: http: https:',
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
].join('; ');

export const PAGE_HEADERS: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

type Room = 'checkout' | 'papers' | 'panel' | 'portal';

const SHEETS: Record<Room, readonly string[]> = {
  checkout: ['card', 'checkout'],
  papers: ['papers'],
  panel: ['panel', 'panel-parts', 'panel-acts'],
  portal: ['card', 'portal'],
};

export interface Document {
  readonly title: string;
  readonly body: Fragment;
  /** Which stylesheets, and with `script` which script, the page loads beside the common ground. */
  readonly room: Room;
  readonly script?: boolean;
  /** Scripts without which nothing of the page may be seen. */
  readonly firstScripts?: readonly string[];
  readonly status?: number;
}

export function documentResponse({
  title,
  body,
  room,
  script = false,
  firstScripts = [],
  status = 200,
}: Document): PageResponse {
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="${ICON}" />
        <link rel="stylesheet" href="/assets/sandbox.css" />
        ${SHEETS[room].map((sheet) => html`<link rel="stylesheet" href="/assets/${sheet}.css" />`)}
        ${firstScripts.map((name) => html`<script src="/assets/${name}.js"></script>`)}
        ${script && html`<script type="module" src="/assets/${room}.js"></script>`}
      </head>
      <body>
        ${body}
      </body>
    </html>`;
  return { status, headers: PAGE_HEADERS, body: text.toString() };
}

export function redirectResponse(location: string): PageResponse {
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' };
}

export function jsonResponse(value: object): PageResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}
