import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const readme = read('README.md');
const found = (pattern: RegExp): string[] => [...readme.matchAll(pattern)].map(([, name = '']) => name);

describe('the README', () => {
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
