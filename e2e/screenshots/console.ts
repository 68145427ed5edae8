import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { findConsolePages } from '../fixtures/console-pages';
import { chromiumFlags, findChromium } from '../support/chromium';
import { EMPTY_STORE_ADMIN, runDemo, runEmptyStore, type RunningDemo } from './running-demo';
import { logIn, openWindow, shoot, type WindowLook } from './window';

/**
 * `npx tsx e2e/screenshots/console.ts [WORD…]`: takes every page of the console, its dialogs and its empty lists, and lays
 * them out on one page that needs no other file. With words, only pages whose route has one of them.
 */
const FOLDER = path.resolve(import.meta.dirname, '../.output/console');
const DEMO_ADMIN = 'admin@demo.test';

const LIGHT: WindowLook = { theme: 'light', width: 1440, height: 900 };
const PHONE: WindowLook = { theme: 'light', width: 390, height: 844 };
const LOOKS = [LIGHT, { ...LIGHT, theme: 'dark' }, PHONE, { ...PHONE, theme: 'dark' }] as const;

interface Picture {
  /** Pictures of one route stand together. */
  route: string;
  caption: string;
  png: Buffer;
}

interface Place {
  route: string;
  path: string;
}

const say = (sentence: string) => void process.stdout.write(`${sentence}\n`);

const wordsOf = ({ theme, width }: WindowLook) => `${theme}, ${String(width)} px`;

/** Logs in once: every window of a store has the same session. */
async function sessionOf(browser: Browser, url: string, admin: string): Promise<BrowserContext> {
  const context = await openWindow(browser, url, LIGHT);
  await logIn(await context.newPage(), admin);
  return context;
}

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
}

async function openPage(page: Page, { path: address }: Place): Promise<void> {
  const answer = await page.goto(address);
  if (answer?.status() !== 200) throw new Error(`${address} answered ${String(answer?.status())}.`);
  await settle(page);
}

/** Each dialog that the page opens, once by the words on its button. */
async function takeDialogs(page: Page, route: string, look: WindowLook): Promise<Picture[]> {
  const openers = page.getByRole('main').locator('button[aria-haspopup="dialog"]:visible:enabled');
  const pictures = new Map<string, Picture>();
  for (let n = 0; n < (await openers.count()); n += 1) {
    const label = ((await openers.nth(n).textContent()) ?? '').trim();
    if (pictures.has(label)) continue;
    await openers.nth(n).click();
    await page.getByRole('dialog').waitFor();
    await settle(page);
    pictures.set(label, { route, caption: `“${label}” open: ${wordsOf(look)}`, png: await shoot(page) });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }
  return [...pictures.values()];
}

interface Round {
  url: string;
  /** Who looks. */
  admin: string;
  places: readonly Place[];
  looks: readonly WindowLook[];
  /** What kind of store it is. */
  words: string;
}

/** The places in each look, with their dialogs where it is light. */
async function takePlaces(browser: Browser, { url, admin, places, looks, words }: Round): Promise<Picture[]> {
  const session = await sessionOf(browser, url, admin);
  const cookies = await session.cookies();
  const pictures: Picture[] = [];
  for (const look of looks) {
    const context = await openWindow(browser, url, look);
    await context.addCookies(cookies);
    const page = await context.newPage();
    for (const place of places) {
      await openPage(page, place);
      const caption = `${words}: ${wordsOf(look)}`;
      const taken = [{ route: place.route, caption, png: await shoot(page, { fullPage: true }) }];
      if (look.theme === 'light') taken.push(...(await takeDialogs(page, place.route, look)));
      for (const picture of taken) await writeFile(fileOf(picture), picture.png);
      pictures.push(...taken);
    }
    await context.close();
    say(`${words}, ${wordsOf(look)}: ${String(places.length)} pages.`);
  }
  await session.close();
  return pictures;
}

/** The places that links lead to; the demo's desk has its day while the first of them are looked for. */
async function findPlaces(browser: Browser, { url }: RunningDemo): Promise<Place[]> {
  const session = await sessionOf(browser, url, DEMO_ADMIN);
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await findConsolePages(session.request);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function pageOf(pictures: readonly Picture[]): string {
  const routes = [...new Set(pictures.map(({ route }) => route))].sort();
  const figure = ({ caption, png }: Picture) =>
    `<figure><img alt="${escape(caption)}" src="data:image/png;base64,${png.toString('base64')}"><figcaption>${escape(caption)}</figcaption></figure>`;
  const section = (route: string) =>
    `<section id="${route}"><h2>${route}</h2><div>${pictures
      .filter((picture) => picture.route === route)
      .map(figure)
      .join('\n')}</div></section>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>The console, page by page</title>
<style>body{font:15px/1.5 system-ui;margin:2rem}nav{columns:16rem}nav a{display:block}section>div{display:flex;flex-wrap:wrap;gap:1.5rem;align-items:flex-start}
figure{margin:0;max-width:46rem}img{display:block;max-width:100%;border:1px solid #8888}figcaption{color:#667}</style>
<h1>The console, page by page</h1><nav>${routes.map((route) => `<a href="#${route}">${route}</a>`).join('')}</nav>
${routes.map(section).join('\n')}</html>`;
}

async function inStore(run: () => Promise<RunningDemo>, take: (store: RunningDemo) => Promise<Picture[]>) {
  const store = await run();
  try {
    return await take(store);
  } finally {
    await store.stop();
  }
}

async function main(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const asked = process.argv.slice(2);
  const isAsked = ({ route }: Place) => asked.length === 0 || asked.some((word) => route.includes(word));
  const browser = await chromium.launch({ executablePath: findChromium(say), args: chromiumFlags() });
  try {
    let lists: Place[] = [];
    const busy = await inStore(runDemo, async (store) => {
      const places = (await findPlaces(browser, store)).filter(isAsked);
      // What one row leads to is not there where nothing is.
      lists = places
        .filter(({ route }) => !route.includes('$'))
        .map(({ route }) => ({ route, path: pathOf(route) }));
      return takePlaces(browser, { url: store.url, admin: DEMO_ADMIN, places, looks: LOOKS, words: 'Busy' });
    });
    const empty = await inStore(runEmptyStore, ({ url }) =>
      takePlaces(browser, {
        ...{ url, admin: EMPTY_STORE_ADMIN, places: lists, looks: [LIGHT, PHONE], words: 'Empty' },
      }),
    );
    const pictures = [...busy, ...empty];
    await writeFile(path.join(FOLDER, 'index.html'), pageOf(pictures));
    say(`${String(pictures.length)} pictures: ${path.join(FOLDER, 'index.html')}`);
  } finally {
    await browser.close();
  }
}

/** The address of a route without parameters. */
const pathOf = (route: string) =>
  `/${route.replace('routes/', '').replace('._index', '').replaceAll('.', '/')}`;

/** Beside the page, for whoever looks at one of them. */
const fileOf = ({ route, caption }: Picture) =>
  path.join(
    FOLDER,
    `${`${route} ${caption}`
      .replace('routes/', '')
      .replace(/[^\w$.]+/g, '-')
      .replace(/-$/, '')}.png`,
  );

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
