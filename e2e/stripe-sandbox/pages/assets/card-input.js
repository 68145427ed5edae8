// How a card is typed: digits in groups, the expiry with its slash, the brand beside the number.
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

export function showBrand() {
  const number = document.getElementById('cardNumber');
  if (!number) return;
  const digits = number.value.replace(/\D/g, '');
  const brand = BRANDS.find(([pattern]) => pattern.test(digits))?.[1] ?? '';
  document.getElementById('cardBrand').textContent = brand;
}

export function showPostalLabel() {
  const country = document.getElementById('billingCountry');
  if (!country) return;
  const label = document.querySelector('label[for="billingPostalCode"]');
  label.textContent = country.value === 'US' ? 'ZIP' : 'Postal code';
}

/** After each key in one of the card's fields. */
export function formatCard(input, inputType) {
  if (input.id === 'cardNumber') {
    rewrite(input, groupDigits(input.value));
    showBrand();
  }
  if (input.id === 'cardExpiry') rewrite(input, formatExpiry(input.value, inputType.startsWith('delete')));
  if (input.id === 'cardCvc') rewrite(input, input.value.replace(/\D/g, '').slice(0, 4));
  if (input.id === 'billingCountry') showPostalLabel();
}
