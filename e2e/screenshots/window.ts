import { type Browser, type BrowserContext, type Page } from '@playwright/test';
import { DEMO_PASSWORD } from '../../prisma/demo';

export interface WindowLook {
  theme: 'light' | 'dark';
  width: number;
  height: number;
}

/** A window of fixed size, language, zone and theme in which nothing moves. */
export function openWindow(
  browser: Browser,
  baseURL: string,
  { theme, width, height }: WindowLook,
): Promise<BrowserContext> {
  return browser.newContext({
    baseURL,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'UTC',
  });
}

export async function logIn(page: Page, email: string): Promise<void> {
  await page.goto('/log-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
}

/** What the window shows, or the whole page below it too, once its fonts are there. */
export async function shoot(page: Page, { fullPage = false } = {}): Promise<Buffer> {
  await page.getByRole('main').waitFor();
  await page.evaluate(() => document.fonts.ready);
  return page.screenshot({ animations: 'disabled', caret: 'hide', fullPage });
}
