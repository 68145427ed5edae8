import type { Sandbox } from '../../sandbox';
import { html, type Fragment, type Markup } from '../html';
import { panelPath } from './ids';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Pretty-printed JSON with its keys and values marked for the stylesheet; ids that the panel knows are links. */
export function jsonView(text: string, label: string): Markup {
  const parts: Markup[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match;
    const kind = quoted === undefined ? 'literal' : colon === undefined ? 'string' : 'key';
    const shown = quoted !== undefined && kind === 'string' ? linked(quoted) : (quoted ?? token);
    parts.push(html`${text.slice(end, match.index)}<span class="${kind}">${shown}</span>${colon}`);
    end = match.index + token.length;
  }
  parts.push(html`${text.slice(end)}`);
  return html`<div class="json-box">
    <button type="button" class="quiet json-copy" data-copy="${text}" hidden>Copy</button>
    <pre class="json" tabindex="0" role="region" aria-label="${label}"><code>${parts}</code></pre>
  </div>`;
}

function linked(quoted: string): Fragment {
  const path = panelPath(quoted.slice(1, -1));
  return path === undefined ? quoted : html`<a href="${path}">${quoted}</a>`;
}

/** The object as the API shows it, folded at the end of its page. */
export function jsonOf(
  { objects }: { objects: Pick<Sandbox['objects'], 'find'> },
  id: string,
  label: string,
): Fragment {
  const object = objects.find(id);
  return (
    object &&
    html`<details class="fold" id="object-json">
      <summary>Object</summary>
      ${jsonView(object.json, label)}
    </details>`
  );
}
