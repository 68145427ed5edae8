import { describe, expect, test } from 'vitest';
import { shortenMiddle } from './shorten-middle';

describe('shortenMiddle', () => {
  test('keeps prefix, head and tail of a long id', () => {
    expect(shortenMiddle('pay_019ab2c3d4e5f60718293a4b5c6d7e8f')).toBe('pay_019a…7e8f');
  });
  test('keeps every prefix of an id that has several', () => {
    expect(shortenMiddle('cs_test_a1B2c3D4e5F6g7H8i9')).toBe('cs_test_a1B2…H8i9');
  });
  test('leaves alone what would not become shorter', () => {
    expect(shortenMiddle('pay_12345678')).toBe('pay_12345678');
    expect(shortenMiddle('pay_123456789')).toBe('pay_123456789');
    expect(shortenMiddle('')).toBe('');
  });
  test('never mistakes an underscore of the tail for a prefix', () => {
    expect(shortenMiddle('abcdefghijklmnop_xyz')).toBe('abcd…_xyz');
  });
});
