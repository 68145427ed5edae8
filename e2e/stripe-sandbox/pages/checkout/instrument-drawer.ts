import type { PayMethod } from '../../sandbox';
import { html, type Fragment } from '../html';
import { fillText, INSTRUMENTS, type Instrument } from './instruments';

/** The drawer's buttons submit the form too, so they fill it without scripts. They must stand after Pay: the first
 *  submit button is the one that Enter presses. */
export function instrumentDrawer(action: string, methods: readonly PayMethod[]): Fragment {
  const groups = INSTRUMENTS.filter(({ instruments }) =>
    instruments.some(({ method }) => methods.includes(method)),
  );
  if (groups.length === 0) return null;
  const title = methods.includes('card') ? 'Test cards' : 'Test accounts';
  return html`<details class="drawer" id="test-cards">
    <summary>${methods.length > 1 ? 'Test cards and accounts' : title}</summary>
    <div class="drawer-search input-box" hidden>
      <input
        type="search"
        id="instrument-search"
        placeholder="Search"
        aria-label="${`Search ${title.toLowerCase()}`}"
      />
    </div>
    <div class="drawer-list">
      ${groups.map(
        (group, place) =>
          html`<section class="drawer-group" aria-labelledby="instruments-${place}">
            <h3 id="instruments-${place}">${group.title}</h3>
            <ul>
              ${group.instruments.map((instrument) => instrumentButton(instrument, action))}
            </ul>
          </section>`,
      )}
      <p class="drawer-none" role="status" hidden>Nothing is called that.</p>
    </div>
  </details>`;
}

function instrumentButton(instrument: Instrument, action: string): Fragment {
  return html`<li>
    <button
      type="submit"
      name="fill"
      value="${instrument.key}"
      formaction="${action}"
      formnovalidate
      data-fields="${fillText(instrument)}"
    >
      <span>${instrument.title}</span><span class="digits">${instrument.shown}</span>
    </button>
  </li>`;
}
