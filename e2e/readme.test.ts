import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isHandledEventType } from '../app/modules/stripe/event-types';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const readme = read('README.md');
const found = (pattern: RegExp): string[] => [...readme.matchAll(pattern)].map(([, name = '']) => name);

describe('the README', () => {
  it('makes a webhook endpoint with exactly the events that are handled', () => {
    const named = found(/--enabled-events (\S+)/g);
    const known = [...read('app/modules/stripe/event-types.ts').matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)]
      .map(([, type = '']) => type)
      .filter(isHandledEventType);
    expect(named).toEqual([...new Set(known)].sort());
  });

  it('shows pictures and names files that are there', () => {
    const files = [...found(/src="([^"]+)"/g), ...found(/\]\((?!https?:)([^)]+)\)/g)];
    expect(files.length).toBeGreaterThan(6);
    expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
  });

  it('names only commands that package.json has', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const builtIn = ['install', 'test', 'start'];
    const named = [...found(/npm run ([\w:-]+)/g), ...found(/npm (install|test|start)/g)];
    expect(named.filter((name) => !builtIn.includes(name) && !(name in scripts))).toEqual([]);
  });
});
