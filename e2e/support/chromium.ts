import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * A Chromium on this machine: PLAYWRIGHT_CHROMIUM_PATH, Playwright's own, the system's; else one is installed, by
 * Playwright or, as root on Debian, by apt.
 * @throws Error with one sentence when there is none and none can be had
 */
export function findChromium(say: (sentence: string) => void): string {
  const named = process.env.PLAYWRIGHT_CHROMIUM_PATH?.trim();
  if (named) {
    if (isChromium(named)) return named;
    throw new Error(`PLAYWRIGHT_CHROMIUM_PATH names ${named}, which is no Chromium that runs here.`);
  }
  const found = installed();
  if (found !== undefined) return found;
  say('No Chromium found: installing the one of Playwright.');
  if (run('npx', ['playwright', 'install', '--with-deps', 'chromium'])) {
    const own = playwrightsOwn();
    if (own !== undefined) return own;
  }
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say("Playwright could not install it: installing Debian's.");
    run('apt-get', ['update']);
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
    const system = onPath();
    if (system !== undefined) return system;
  }
  throw new Error(
    'The browser tests need a Chromium and none could be installed: install Chromium or Chrome, or set PLAYWRIGHT_CHROMIUM_PATH to one.',
  );
}

/** Flags that keep Chromium quiet offline; as root it has no sandbox. */
export function chromiumFlags(): string[] {
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  return process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
}

function installed(): string | undefined {
  return playwrightsOwn() ?? onPath() ?? MAC_APPS.find(isChromium);
}

function playwrightsOwn(): string | undefined {
  const file = chromium.executablePath();
  return isChromium(file) ? file : undefined;
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isChromium);
}

/** A file alone proves nothing: a wrapper of snap or a missing library shows only when it runs. */
function isChromium(file: string): boolean {
  return existsSync(file) && spawnSync(file, ['--version'], { timeout: 20_000 }).status === 0;
}

function run(command: string, args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}
