// The hosted page with scripts: formats what is typed, pays without reloading, never submits twice.
// Without this file the same form posts plainly and the server renders the same states.
const form = document.getElementById('checkout');
const payButton = document.getElementById('pay');
const payText = payButton.querySelector('.button-label');
const alertBox = document.getElementById('checkout-alert');
const dialog = document.getElementById('challenge');
const main = document.querySelector('main');
const field = (id) => document.getElementById(id);

const BRANDS = [
  [/^3[47]/, 'Amex'],
  [/^4/, 'Visa'],
  [/^(5[1-5]|2[2-7])/, 'Mastercard'],
  [/^(6011|65|64[4-9])/, 'Discover'],
  [/^35/, 'JCB'],
  [/^3(0|6|8)/, 'Diners'],
  [/^62/, 'UnionPay'],
];

function groupDigits(text) {
  const digits = text.replace(/\D/g, '').slice(0, 19);
  const groups = /^3[47]/.test(digits)
    ? [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10, 15)]
    : (digits.match(/.{1,4}/g) ?? []);
  return groups.filter(Boolean).join(' ');
}

function formatExpiry(text, isDeleting) {
  let digits = text.replace(/\D/g, '');
  if (/^\d{1,2}\s*\/\s*20\d\d$/.test(text)) digits = digits.slice(0, -4) + digits.slice(-2);
  if (/^[2-9]/.test(digits) || /^\d\s*\//.test(text)) digits = `0${digits}`;
  digits = digits.slice(0, 4);
  if (isDeleting && digits.length <= 2) return digits;
  return digits.length < 2 ? digits : `${digits.slice(0, 2)} / ${digits.slice(2)}`;
}

/** Rewrites the value and keeps the caret behind the same digit. */
function rewrite(input, value) {
  if (input.value === value) return;
  const caret = input.selectionStart ?? input.value.length;
  const atEnd = caret === input.value.length;
  const before = input.value.slice(0, caret).replace(/\D/g, '').length;
  input.value = value;
  if (atEnd || document.activeElement !== input) return;
  let position = 0;
  for (let seen = 0; position < value.length && seen < before; position += 1) {
    if (/\d/.test(value[position])) seen += 1;
  }
  input.setSelectionRange(position, position);
}

function showBrand() {
  const digits = field('cardNumber').value.replace(/\D/g, '');
  field('cardBrand').textContent = BRANDS.find(([pattern]) => pattern.test(digits))?.[1] ?? '';
}

function showPostalLabel() {
  const label = document.querySelector('label[for="billingPostalCode"]');
  label.textContent = field('billingCountry').value === 'US' ? 'ZIP' : 'Postal code';
}

function clearError(input) {
  input.removeAttribute('aria-invalid');
  const message = document.getElementById(`${input.id}-error`);
  if (message) message.hidden = true;
}

function showMessage({ field: id, message }) {
  if (id === null) {
    alertBox.textContent = message;
    alertBox.hidden = false;
    return;
  }
  const input = field(id);
  const error = field(`${id}-error`);
  error.textContent = message;
  error.hidden = false;
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', error.id);
  input.focus();
}

let busy = false;

function setBusy(next) {
  busy = next;
  payButton.classList.toggle('busy', next);
  payButton.setAttribute('aria-disabled', String(next));
  payText.textContent = next ? 'Processing…' : payButton.dataset.label;
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

async function submit(action, data) {
  if (busy) return;
  setBusy(true);
  alertBox.hidden = true;
  form.querySelectorAll('[aria-invalid]').forEach(clearError);
  try {
    follow(await send(action, data));
  } catch {
    setBusy(false);
    showMessage({
      field: null,
      message: 'The sandbox could not be reached. Check that it runs, then try again.',
    });
  }
}

function fillCard(button) {
  const set = (id, value) => {
    field(id).value = value;
    field(id).dispatchEvent(new Event('input', { bubbles: true }));
  };
  const setIfEmpty = (id, value) => field(id).value === '' && set(id, value);
  set('cardNumber', button.dataset.number);
  set('cardExpiry', '12 / 34');
  set('cardCvc', '123');
  setIfEmpty('email', 'sam@example.com');
  setIfEmpty('billingName', 'Sam Sandbox');
  setIfEmpty('billingPostalCode', '94107');
  payButton.focus();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.submitter?.name === 'fill') fillCard(event.submitter);
  else void submit(form.action, new FormData(form));
});

form.addEventListener('input', ({ target, inputType = '' }) => {
  clearError(target);
  if (target.id === 'cardNumber') {
    rewrite(target, groupDigits(target.value));
    showBrand();
  }
  if (target.id === 'cardExpiry') rewrite(target, formatExpiry(target.value, inputType.startsWith('delete')));
  if (target.id === 'cardCvc') rewrite(target, target.value.replace(/\D/g, '').slice(0, 4));
  if (target.id === 'billingCountry') showPostalLabel();
});

function answerChallenge(answer) {
  const data = new FormData(dialog.querySelector('form'));
  data.set('answer', answer);
  dialog.close();
  setBusy(false);
  void submit(dialog.querySelector('form').action, data);
}

dialog.addEventListener('submit', (event) => {
  event.preventDefault();
  answerChallenge(event.submitter?.value ?? 'fail');
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
showBrand();
showPostalLabel();
