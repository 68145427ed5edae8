import { expect, test } from 'vitest';

import { csvLine } from './csv.server';

test('text that a spreadsheet would run is text, and a number below zero stays a number', () => {
  expect(csvLine(['=1+1', '+1', '-1', '@x', '\tx', '\rx', -1n, -2])).toBe(
    `'=1+1,'+1,'-1,'@x,'\tx,"'\rx",-1,-2\r\n`,
  );
});

test('quotes, commas and line ends stay inside their cell', () => {
  expect(csvLine(['Lee, "Ann"', 'a\r\nb', 'plain'])).toBe('"Lee, ""Ann""","a\r\nb",plain\r\n');
});

test('what is absent is an empty cell, zero is not', () => {
  expect(csvLine([null, undefined, '', 0n])).toBe(',,,0\r\n');
});
