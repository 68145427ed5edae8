import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PageResponse } from '../sandbox';

const TYPES = new Map([
  ['sandbox.css', 'text/css; charset=utf-8'],
  ['checkout.css', 'text/css; charset=utf-8'],
  ['card.css', 'text/css; charset=utf-8'],
  ['portal.css', 'text/css; charset=utf-8'],
  ['papers.css', 'text/css; charset=utf-8'],
  ['panel.css', 'text/css; charset=utf-8'],
  ['panel-parts.css', 'text/css; charset=utf-8'],
  ['panel-acts.css', 'text/css; charset=utf-8'],
  ['checkout.js', 'text/javascript; charset=utf-8'],
  ['instruments.js', 'text/javascript; charset=utf-8'],
  ['portal.js', 'text/javascript; charset=utf-8'],
  ['card-input.js', 'text/javascript; charset=utf-8'],
  ['panel-keys.js', 'text/javascript; charset=utf-8'],
  ['panel.js', 'text/javascript; charset=utf-8'],
]);

/** Only the files named here are served, so no path can climb out of the folder. */
export async function serveAsset(name: string): Promise<PageResponse | undefined> {
  const type = TYPES.get(name);
  if (type === undefined) return undefined;
  const body = await readFile(fileURLToPath(new URL(`./assets/${name}`, import.meta.url)), 'utf8');
  return {
    status: 200,
    headers: { 'content-type': type, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' },
    body,
  };
}
