import { html, type Markup } from '../html';

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Pretty-printed JSON with its keys and values marked for the stylesheet. */
export function jsonView(text: string, label: string): Markup {
  const parts: Markup[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match;
    const kind = quoted === undefined ? 'literal' : colon === undefined ? 'string' : 'key';
    parts.push(html`${text.slice(end, match.index)}<span class="${kind}">${quoted ?? token}</span>${colon}`);
    end = match.index + token.length;
  }
  parts.push(html`${text.slice(end)}`);
  return html`<pre class="json" tabindex="0" role="region" aria-label="${label}"><code>${parts}</code></pre>`;
}
