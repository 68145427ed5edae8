import { html, type Fragment, type Markup } from '../html';

type ColumnKind =
  /** What the row is called; the link to its page. */
  | 'name'
  /** Takes the room that is left, cut with dots. */
  | 'grow'
  /** Left out on narrow screens. */
  | 'wide'
  | 'right'
  | 'age'
  /** Buttons; its heading is only for those who cannot see it. */
  | 'acts';

interface Column {
  readonly label: string;
  readonly kind?: ColumnKind;
}

interface ListRow {
  readonly key: string;
  /** As many as there are columns. */
  readonly cells: readonly Fragment[];
}

/** Every list of the panel: one line a row on a wide screen, two on a narrow one. */
export function listTable(columns: readonly Column[], rows: readonly ListRow[]): Markup {
  return html`<table class="list">
    <thead>
      <tr>
        ${columns.map(({ label, kind }) => {
          const heading = kind === 'acts' ? html`<span class="unseen">${label}</span>` : label;
          return html`<th scope="col" class="${kind}">${heading}</th>`;
        })}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ key, cells }) =>
          html`<tr data-key="${key}">
            ${columns.map(({ kind }, place) => html`<td class="${kind}">${cells[place]}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
