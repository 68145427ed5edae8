import { html, type Fragment, type Markup } from '../html';

/** Label and value; a fact whose value is null is left out. */
export type Fact = readonly [label: string, value: Fragment];

export function factList(facts: readonly Fact[]): Markup {
  const known = facts.filter(
    ([, value]) => value !== null && value !== undefined && value !== '' && value !== false,
  );
  return html`<dl class="facts">
    ${known.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export function metadataFacts(metadata: Readonly<Record<string, string>> | null): Fact[] {
  return Object.entries(metadata ?? {}).map(([key, value]) => [key, value]);
}
