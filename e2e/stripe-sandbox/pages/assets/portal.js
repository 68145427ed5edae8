// The portal's card form with scripts: what is typed is formatted, test cards fill in place, the bank's question is
// modal. Without this file the same forms post plainly.
import { formatCard, showBrand, showPostalLabel } from './card-input.js';
import { dressDrawer, fillInstrument, searchInstruments } from './instruments.js';

const dialog = document.getElementById('challenge');

document.addEventListener('submit', (event) => {
  if (event.submitter?.name !== 'fill') return;
  event.preventDefault();
  fillInstrument(event.submitter);
});

document.addEventListener('input', ({ target, inputType = '' }) => {
  if (target.id === 'instrument-search') searchInstruments(target.value);
  else formatCard(target, inputType);
});

// Leaving the bank's question, by Escape too, is a failed authentication.
dialog.addEventListener('cancel', (event) => {
  event.preventDefault();
  document.getElementById('test-source-fail-3ds').click();
});

if (dialog.open) {
  dialog.close();
  dialog.showModal();
}
dressDrawer();
showBrand();
showPostalLabel();
