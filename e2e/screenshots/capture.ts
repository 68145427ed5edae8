import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { chromiumFlags, findChromium } from '../support/chromium';
import { findPaidPurchase } from './lived-purchases';
import { runDemo } from './running-demo';
import { logIn, openWindow, shoot, type WindowLook } from './window';

/** `npm run screenshots`: takes the README's pictures of a fresh demo, each in a window of fixed size. */
const FOLDER = path.join(import.meta.dirname, 'images');
const LARGEST_BYTES = 150 * 1024;

const say = (sentence: string) => void process.stdout.write(`${sentence}\n`);

interface Picture extends WindowLook {
  name: string;
  path: string;
  /** null: the sandbox's panel asks nobody to log in. */
  as: string | null;
}

const DESK = { width: 1200, height: 760 };
const PHONE = { width: 390, height: 780 };

async function pictures(sandboxUrl: string): Promise<Picture[]> {
  const customer = 'customer@demo.test';
  const staff = 'support@demo.test';
  const [bought, retried] = await Promise.all(
    [customer, 'tomas.okafor@demo.test'].map((email) => findPaidPurchase(sandboxUrl, email)),
  );
  if (!bought || !retried) throw new Error('The demo has its purchases.');
  const event = `/admin/webhooks/events/${retried.completedEventId}`;
  return [
    { name: 'store', path: '/', as: customer, theme: 'light', ...DESK },
    { name: 'payment', path: `/payments/${bought.paymentId}`, as: customer, theme: 'light', ...DESK },
    { name: 'history-phone', path: '/history', as: customer, theme: 'light', ...PHONE },
    { name: 'console', path: '/admin', as: staff, theme: 'light', ...DESK },
    {
      name: 'console-payment',
      path: `/admin/payments/${retried.paymentId}`,
      as: staff,
      theme: 'dark',
      ...DESK,
      height: 660,
    },
    { name: 'console-event', path: event, as: staff, theme: 'dark', ...DESK },
    { name: 'sandbox-panel', path: `${sandboxUrl}/panel/payments`, as: null, theme: 'light', ...DESK },
  ];
}

async function take(browser: Browser, baseURL: string, picture: Picture): Promise<void> {
  const context = await openWindow(browser, baseURL, picture);
  try {
    const page = await context.newPage();
    if (picture.as !== null) await logIn(page, picture.as);
    const answer = await page.goto(picture.path);
    if (answer?.status() !== 200) throw new Error(`${picture.path} answered ${answer?.status()}.`);
    const bytes = await shoot(page);
    if (bytes.length > LARGEST_BYTES) {
      throw new Error(`${picture.name}.png has ${bytes.length} bytes, at most ${LARGEST_BYTES}.`);
    }
    await writeFile(path.join(FOLDER, `${picture.name}.png`), bytes);
    say(`${picture.name}.png ${Math.ceil(bytes.length / 1024)} kB`);
  } finally {
    await context.close();
  }
}

async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const demo = await runDemo();
  try {
    const browser = await chromium.launch({ executablePath: findChromium(say), args: chromiumFlags() });
    try {
      for (const picture of await pictures(demo.sandboxUrl)) await take(browser, demo.url, picture);
    } finally {
      await browser.close();
    }
  } finally {
    await demo.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
