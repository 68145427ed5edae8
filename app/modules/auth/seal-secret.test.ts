import { expect, test } from 'vitest';

import { openSecret, sealSecret } from './seal-secret.server';

const [OLD, NEW] = ['o'.repeat(32), 'n'.repeat(32)];

test('a sealed secret opens for its owner and shows nothing', () => {
  const sealed = sealSecret([NEW], 'usr_a', 'JBSWY3DP');
  expect(sealed).not.toContain('JBSWY3DP');
  expect(openSecret([NEW], 'usr_a', sealed)).toBe('JBSWY3DP');
  expect(sealSecret([NEW], 'usr_a', 'JBSWY3DP')).not.toBe(sealed);
});

test('a key that was put behind a new one still opens what it sealed; one that is gone is told', () => {
  const sealed = sealSecret([OLD], 'usr_a', 'JBSWY3DP');
  expect(openSecret([NEW, OLD], 'usr_a', sealed)).toBe('JBSWY3DP');
  expect(openSecret([NEW], 'usr_a', sealed)).toBeUndefined();
  expect(openSecret([], 'usr_a', sealed)).toBeUndefined();
});

test('it opens for nobody else, and not once it was changed', () => {
  const sealed = sealSecret([NEW], 'usr_a', 'JBSWY3DP');
  expect(() => openSecret([NEW], 'usr_b', sealed)).toThrow();
  const changed = sealed.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'));
  expect(() => openSecret([NEW], 'usr_a', changed)).toThrow();
  expect(() => sealSecret([], 'usr_a', 'x')).toThrow('ENCRYPTION_KEYS');
});
