// The drawer of test cards and accounts: a search, and one click that fills the form.
const field = (id) => document.getElementById(id);

function set(input, value) {
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

export function fillInstrument(button) {
  for (const [name, value] of new URLSearchParams(button.dataset.fields)) {
    const radio = field(`${name}-${value}`);
    if (radio) radio.checked = true;
    else if (field(name)) set(field(name), value);
  }
  const setIfEmpty = (id, value) => field(id)?.value === '' && set(field(id), value);
  setIfEmpty('email', 'sam@example.com');
  setIfEmpty('billingName', 'Sam Sandbox');
  setIfEmpty('billingPostalCode', '94107');
}

/** Every word must be in the group, the title or the number; digits may be typed without their spaces. */
export function searchInstruments(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of document.querySelectorAll('.drawer-group')) {
    const heading = group.querySelector('h3').textContent;
    let shown = 0;
    for (const item of group.querySelectorAll('li')) {
      const said = `${heading} ${item.textContent}`.toLowerCase();
      const squeezed = said.replace(/\s/g, '');
      item.hidden = !words.every((word) => said.includes(word)) && !squeezed.includes(words.join(''));
      if (!item.hidden) shown += 1;
    }
    group.hidden = shown === 0;
    found += shown;
  }
  document.querySelector('.drawer-none').hidden = found > 0;
}

/** The search works only with scripts. Enter in it must not submit the form. */
export function dressDrawer() {
  const box = document.querySelector('.drawer-search');
  if (!box) return;
  box.hidden = false;
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') event.preventDefault();
  });
}
