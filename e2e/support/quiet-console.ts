import { afterEach, beforeEach, expect, vi } from 'vitest';

/** A test that makes console.error speak fails, unless it announces it by spying on console.error itself. */
let said: unknown[][] = [];

beforeEach(() => {
  said = [];
  vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => {
    said.push(words);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(said, 'console.error was called').toEqual([]);
});
