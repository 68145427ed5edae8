import { expect, it } from 'vitest';

import { guessCountry } from './country.server';

const guess = (headers: Record<string, string>) => guessCountry(new Headers(headers));

it('a country is what a proxy says, before what the browser’s languages hint at', () => {
  expect(guess({ 'cf-ipcountry': 'jp', 'accept-language': 'de-DE' })).toBe('JP');
  expect(guess({ 'x-vercel-ip-country': 'FR' })).toBe('FR');
  expect(guess({ 'accept-language': 'en,de-AT;q=0.8,fr-FR;q=0.5' })).toBe('AT');
  expect(guess({ 'accept-language': 'zh-Hant-TW' })).toBe('TW');
});

it('an unknown country and nonsense are no country', () => {
  expect(guess({ 'cf-ipcountry': 'XX' })).toBeUndefined();
  expect(guess({ 'cf-ipcountry': 'T1', 'accept-language': '*' })).toBeUndefined();
  expect(guess({ 'cf-ipcountry': 'Germany', 'accept-language': 'not a tag, es-419' })).toBeUndefined();
  expect(guess({})).toBeUndefined();
});
