import { html, type Fragment, type Markup } from '../html';

/** Not kept when another filter is chosen: they belong to the list as it was. */
const PASSING = ['cursor', 'fragment', 'notice'];

/** The address of the list with one parameter changed; null takes it out. */
export function addressWith(
  path: string,
  query: URLSearchParams,
  name: string,
  value: string | null,
): string {
  const kept = new URLSearchParams(query);
  for (const passing of PASSING) kept.delete(passing);
  if (value === null) kept.delete(name);
  else kept.set(name, value);
  return kept.size === 0 ? path : `${path}?${kept}`;
}

interface FilterChoice {
  /** null: all. */
  readonly value: string | null;
  readonly label: string;
  readonly count?: number;
}

interface FilterInput {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly name: string;
  readonly label: string;
  readonly choices: readonly FilterChoice[];
}

/** A few choices side by side, each a link. */
export function filterLinks({ path, query, name, label, choices }: FilterInput): Markup {
  const chosen = query.get(name) || null;
  return html`<nav class="segments" aria-label="${label}">
    ${choices.map(
      (choice) =>
        html`<a
          href="${addressWith(path, query, name, choice.value)}"
          ${choice.value === chosen && html`aria-current="true"`}
          >${choice.label}${
            choice.count !== undefined && html` <span class="count">${choice.count}</span>`
          }</a
        >`,
    )}
  </nav>`;
}

/** Many choices in a list; without scripts a button shows what was chosen. */
export function filterSelect({ path, query, name, label, choices }: FilterInput): Markup {
  const chosen = query.get(name) || null;
  const others = [...query].filter(([other]) => other !== name && !PASSING.includes(other));
  return html`<form class="filter" action="${path}">
    ${others.map(([other, value]) => html`<input type="hidden" name="${other}" value="${value}" />`)}
    <label for="filter-${name}">${label}</label>
    <select name="${name}" id="filter-${name}" data-submits>
      <option value="">all</option>
      ${choices.map(
        ({ value, label: text, count }) =>
          html`<option value="${value}" ${value === chosen && html`selected`}>
            ${text}${count !== undefined && ` (${count})`}
          </option>`,
      )}
    </select>
    <button type="submit" class="secondary small">Show</button>
  </form>`;
}

/** Title of a list at the left, what narrows it at the right. */
export function listHead(title: string, tools: Fragment): Markup {
  return html`<div class="title-row">
    <h1>${title}</h1>
    <div class="tools">${tools}</div>
  </div>`;
}
