// The hosted page with scripts: formats what is typed, pays without reloading, never submits twice.
// Without this file the same forms post plainly and the server renders the same states.
import { formatCard, showBrand, showPostalLabel } from './card-input.js';
import { dressDrawer, fillInstrument, searchInstruments } from './instruments.js';

const field = (id) => document.getElementById(id);
const form = () => field('checkout');
const dialog = field('challenge');
const main = document.querySelector('main');

function clearError(input) {
  input.removeAttribute('aria-invalid');
  const message = field(`${input.id}-error`);
  if (message) message.hidden = true;
}

function showAlert(message) {
  const alert = field('checkout-alert');
  alert.textContent = message;
  alert.hidden = false;
  alert.scrollIntoView({ block: 'nearest' });
}

function showMessage({ field: id, message }) {
  const input = id === null ? null : field(id);
  const error = field(`${id}-error`);
  if (!input || !error) return showAlert(message);
  error.textContent = message;
  error.hidden = false;
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', error.id);
  input.focus();
}

let busy = false;

function setBusy(next) {
  busy = next;
  const button = field('pay');
  button.classList.toggle('busy', next);
  button.setAttribute('aria-disabled', String(next));
  button.querySelector('.button-label').textContent = next ? 'Processing…' : button.dataset.label;
}

async function send(action, data) {
  data.set('via', 'script');
  const response = await fetch(action, { method: 'POST', body: new URLSearchParams([...data]) });
  if (!response.headers.get('content-type')?.includes('json')) {
    return { next: 'redirect', to: location.pathname };
  }
  return response.json();
}

function follow(answer) {
  if (answer.next === 'redirect') {
    location.assign(answer.to);
    return;
  }
  if (answer.next === 'challenge') {
    if (!dialog.open) dialog.showModal();
    return;
  }
  setBusy(false);
  showMessage(answer.problem);
}

const UNREACHABLE = 'The sandbox could not be reached. Check that it runs, then try again.';

async function submit(action, data) {
  if (busy) return;
  setBusy(true);
  field('checkout-alert').hidden = true;
  form().querySelectorAll('[aria-invalid]').forEach(clearError);
  try {
    follow(await send(action, data));
  } catch {
    setBusy(false);
    showAlert(UNREACHABLE);
  }
}

/** What was typed outlives a fresh form. */
function putBack(kept) {
  for (const [name, value] of kept) {
    for (const input of form().elements) {
      if (input.name !== name || input.readOnly) continue;
      if (input.type === 'radio' || input.type === 'checkbox') input.checked ||= input.value === value;
      else if (input.type !== 'hidden' && input.type !== 'submit') input.value = value;
    }
  }
}

/** A promotion code or a quantity changes the order: the page's new summary and form take the old ones' place. */
async function change(source, submitter) {
  if (busy) return;
  const kept = [...new FormData(form())];
  const data = new FormData(source, submitter);
  let fresh;
  try {
    const response = await fetch(source.action, { method: 'POST', body: new URLSearchParams([...data]) });
    fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  } catch {
    showAlert(UNREACHABLE);
    return;
  }
  if (!fresh.getElementById('checkout')) {
    location.reload();
    return;
  }
  for (const id of ['summary', 'payment'])
    field(id).replaceWith(document.adoptNode(fresh.getElementById(id)));
  putBack(kept);
  dress();
  const total = document.querySelector('.total-due')?.textContent.trim().replace(/\s+/g, ' ');
  field('live').textContent = field('promotionCode-error') ? '' : (total ?? '');
  const focused = source.querySelector('[type="number"]')?.id;
  (field(focused) ?? field('promotionCode') ?? document.querySelector('.chip button'))?.focus();
}

function answerChallenge(answer) {
  const data = new FormData(dialog.querySelector('form'));
  data.set('answer', answer);
  dialog.close();
  setBusy(false);
  void submit(dialog.querySelector('form').action, data);
}

/** What only works with scripts appears, and what depends on the fields' values follows them. */
function dress() {
  dressDrawer();
  showBrand();
  showPostalLabel();
}

document.addEventListener('submit', (event) => {
  const { target, submitter } = event;
  event.preventDefault();
  if (dialog.contains(target)) answerChallenge(submitter?.value ?? 'fail');
  else if (target !== form()) void change(target, submitter);
  else if (submitter?.name === 'fill') {
    fillInstrument(submitter);
    field('pay').focus();
  } else void submit(target.action, new FormData(target));
});

document.addEventListener('input', ({ target, inputType = '' }) => {
  if (target.id === 'instrument-search') return searchInstruments(target.value);
  clearError(target);
  formatCard(target, inputType);
});

// Leaving the bank's question, by Escape too, is a failed authentication.
dialog.addEventListener('cancel', (event) => {
  event.preventDefault();
  answerChallenge('fail');
});

// Coming back by the Back button must not show a page that still says "Processing".
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

if (dialog.open) {
  dialog.close();
  main.inert = false;
  setBusy(true);
  dialog.showModal();
}
dress();
