import { expect, test } from 'vitest';
import { signUpSchema } from '~/modules/auth/shared';
import { parseForm } from './parse-form';

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const GOOD = { name: 'Robin', email: ' Robin@Example.com ', password: 'four random words', next: '/' };

test('a good form is its schema’s value', () => {
  const submission = parseForm(formOf(GOOD), signUpSchema);
  expect(submission).toMatchObject({ status: 'success', value: { ...GOOD, email: 'robin@example.com' } });
});

test('an empty field is an absent one: required is asked for, optional is left out', () => {
  const submission = parseForm(formOf({ ...GOOD, name: '', next: '' }), signUpSchema);
  expect(submission).toMatchObject({ status: 'error', error: { name: ['Enter your name.'] } });
  expect(submission.reply().error).not.toHaveProperty('next');
});

test('a fault between two fields stands at the field that it names', () => {
  const submission = parseForm(formOf({ ...GOOD, password: 'robin@example.com' }), signUpSchema);
  expect(submission.reply().error).toEqual({
    password: ['Choose a password that is not your e-mail address.'],
  });
});

test('a hidden field never comes back to the page', () => {
  const submission = parseForm(formOf({ ...GOOD, email: 'robin' }), signUpSchema);
  expect(JSON.stringify(submission.reply({ hideFields: ['password'] }))).not.toContain(GOOD.password);
});
