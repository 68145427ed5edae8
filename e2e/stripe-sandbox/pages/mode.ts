import type { RunningMode, RunningSandbox } from '../create-sandbox';

const COOKIE = 'sandbox_mode';
const SWITCH = /^\/panel\/mode\/(live|test)$/;

/** The mode that a page belongs to: hosted pages are named by their object, the panel by the visitor's choice. */
export function modeOfPage(running: RunningSandbox, path: string, cookie: string | undefined): RunningMode {
  const { live, test } = running;
  if (live === null) return test;
  if (
    /^\/(?:c\/pay\/cs_live_|c\/authenticate\/live\/|mandates\/live\/|i\/\w+\/live_|p\/session\/live_|r\/live_)/.test(
      path,
    )
  )
    return live;
  const receipt = /^\/receipts\/payment\/(\w+)/.exec(path)?.[1];
  if (receipt !== undefined) return live.sandbox.papers.receipt(receipt) ? live : test;
  const isPanel = path === '/panel' || path.startsWith('/panel/');
  return isPanel && new RegExp(`(?:^|; )${COOKIE}=live(?:;|$)`).test(cookie ?? '') ? live : test;
}

/** The headers that turn the panel to the mode named in `/panel/mode/…`; undefined: another page is meant. */
export function modeCookie(
  running: RunningSandbox,
  { pathname }: URL,
): { 'Set-Cookie': string; Location: string } | undefined {
  const wanted = SWITCH.exec(pathname)?.[1];
  if (wanted === undefined) return undefined;
  const mode = running.live === null ? 'test' : wanted;
  return { 'Set-Cookie': `${COOKIE}=${mode}; Path=/; SameSite=Lax; HttpOnly`, Location: '/panel' };
}
