import type { Sandbox } from '../sandbox';

/** The modes that one process plays, each with whatever its server keeps beside the sandbox. */
interface Modes<Mode extends { sandbox: Sandbox }> {
  test: Mode;
  live: Mode | null;
}

const COOKIE = 'sandbox_mode';
const SWITCH = /^\/panel\/mode\/(live|test)$/;

/** The mode that a page belongs to: hosted pages are named by their object, the panel by the visitor's choice. */
export function modeOfPage<Mode extends { sandbox: Sandbox }>(
  { live, test }: Modes<Mode>,
  path: string,
  cookie: string | undefined,
): Mode {
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
  { live }: Modes<{ sandbox: Sandbox }>,
  { pathname }: URL,
): { 'Set-Cookie': string; Location: string } | undefined {
  const wanted = SWITCH.exec(pathname)?.[1];
  if (wanted === undefined) return undefined;
  const mode = live === null ? 'test' : wanted;
  return { 'Set-Cookie': `${COOKIE}=${mode}; Path=/; SameSite=Lax; HttpOnly`, Location: '/panel' };
}
