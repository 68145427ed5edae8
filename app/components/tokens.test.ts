import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { TONES } from './ui/tone';

const APP = path.resolve(import.meta.dirname, '..');
const css = readFileSync(path.join(APP, 'tailwind.css'), 'utf8');

type Theme = 'light' | 'dark';

function token(name: string, theme: Theme): string {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  const value = pair?.[theme === 'light' ? 1 : 2];
  if (value === undefined) throw new Error(`--${name} has no value for ${theme}.`);
  return value;
}

// WCAG 2.2, relative luminance.
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['surface', 'surface-raised', 'surface-sunken', 'surface-hover'];
const ON_GROUND = ['text', 'text-muted', 'accent-text'];

const readable: [string, string][] = [
  ...GROUNDS.flatMap((ground) => ON_GROUND.map((ink): [string, string] => [ink, ground])),
  ...TONES.flatMap((tone): [string, string][] => [
    [tone, `${tone}-soft`],
    [tone, 'surface-raised'],
    ['text', `${tone}-soft`],
  ]),
  ['accent-on', 'accent'],
  ['accent-on', 'accent-hover'],
  ['accent-text', 'accent-soft'],
  ['text', 'accent-soft'],
  ['text-muted', 'accent-soft'],
  ['bad-on', 'bad-solid'],
  ['bad-on', 'bad-solid-hover'],
  ['text-inverse', 'surface-inverse'],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(readable)('%s is readable on %s', (ink, ground) => {
    expect(contrast(token(ink, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(['surface', 'surface-raised'])('the border of a control is visible on %s', (ground) => {
    expect(contrast(token('line-control', theme), token(ground, theme))).toBeGreaterThanOrEqual(3);
  });
});

const sources = readdirSync(APP, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.tsx'),
);

/** Each names a class that the configuration does not know: it would silently do nothing. */
const UNKNOWN: readonly [RegExp, string][] = [
  [
    /\b(?:bg|text|border|ring|fill|stroke|divide|outline)-(?:white|black|(?:slate|gray|zinc|neutral|stone|red|orange|amber|yellow|lime|green|emerald|teal|cyan|sky|blue|indigo|violet|purple|fuchsia|pink|rose)-\d+)\b/,
    'a raw colour; use a role',
  ],
  [/\brounded-(?:[tblr]{1,2}-)?(?:sm|md|lg|xl|2xl|3xl)\b/, 'another radius; use rounded or rounded-full'],
  [/\bshadow-(?:sm|md|lg|xl|2xl|inner)\b/, 'another shadow; use shadow-card or shadow-float'],
  [/\btext-(?:5xl|6xl|7xl|8xl|9xl)\b/, 'a text size that does not exist'],
];

test.each(UNKNOWN)('no component writes a class like %s', (pattern, advice) => {
  const found = sources.flatMap((file) => {
    const match = pattern.exec(readFileSync(path.join(APP, file), 'utf8'));
    return match === null ? [] : [`${file}: ${match[0]} is ${advice}`];
  });
  expect(found).toEqual([]);
});
