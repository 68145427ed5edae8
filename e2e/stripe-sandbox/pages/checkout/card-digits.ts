/** `4242424242424242` → `4242 4242 4242 4242`; American Express reads 4-6-5. */
export function groupDigits(number: string): string {
  const digits = number.replace(/\D/g, '').slice(0, 19);
  const groups = /^3[47]/.test(digits)
    ? [digits.slice(0, 4), digits.slice(4, 10), digits.slice(10, 15)]
    : (digits.match(/.{1,4}/g) ?? []);
  return groups.filter((group) => group !== '').join(' ');
}
