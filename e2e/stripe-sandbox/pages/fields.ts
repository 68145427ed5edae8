import { html, type Fragment, type Markup } from './html';

/** What a form knows of its fields: what stands in them and what is wrong with one. */
export interface FieldState {
  value(id: string): string;
  readonly problem: { readonly field: string | null; readonly message: string } | null;
}

export interface TextField {
  readonly id: string;
  readonly label: Fragment;
  readonly type?: 'email' | 'number' | 'tel' | 'text';
  readonly attributes: Markup;
  readonly adornment?: Markup;
  /** Stands below the field and is read with it. */
  readonly hint?: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface SelectField extends Pick<TextField, 'id' | 'label' | 'attributes'> {
  readonly choices: readonly Choice[];
}

export function fieldError(id: string, { problem }: FieldState): Markup {
  const message = problem?.field === id ? problem.message : '';
  return html`<p class="field-error" id="${id}-error" ${message === '' && html`hidden`}>${message}</p>`;
}

/** The field's error and its hint are read with it. */
export function describedBy(id: string, { problem }: FieldState, hint?: string): Fragment {
  const isWrong = problem?.field === id;
  const ids = [hint !== undefined && `${id}-hint`, isWrong && `${id}-error`].filter((one) => one !== false);
  return [
    isWrong && html`aria-invalid="true"`,
    ' ',
    ids.length > 0 && html`aria-describedby="${ids.join(' ')}"`,
  ];
}

export function textField(field: TextField, state: FieldState): Markup {
  const { id, label, type = 'text', attributes, adornment, hint } = field;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <div class="input-box">
      <input
        type="${type}"
        id="${id}"
        name="${id}"
        value="${state.value(id)}"
        ${attributes}
        ${describedBy(id, state, hint)}
      />${adornment}
    </div>
    ${hint !== undefined && html`<p class="field-hint" id="${id}-hint">${hint}</p>`} ${fieldError(id, state)}
  </div>`;
}

export function selectField({ id, label, choices, attributes }: SelectField, state: FieldState): Markup {
  return html`<div class="field">
    <label for="${id}">${label}</label>
    <div class="input-box select-box">
      <select id="${id}" name="${id}" ${attributes} ${describedBy(id, state)}>
        ${choices.map(
          (choice) =>
            html`<option value="${choice.value}" ${choice.value === state.value(id) && html`selected`}>
              ${choice.label}
            </option>`,
        )}
      </select>
    </div>
    ${fieldError(id, state)}
  </div>`;
}
