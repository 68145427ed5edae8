import type { UnderTest } from './under-test';

type Running = Pick<UnderTest, 'url'>;

/** The text of a page, followed to where it leads. */
export async function readIn({ url }: Running, path: string): Promise<string> {
  return (await fetch(`${url}${path}`)).text();
}

/** A page that always has a form. */
const PAGE_WITH_FORM = '/panel/clocks';

/** Presses a button of the panel and gives the text of the page that it leads to. */
export async function pressIn(
  sandbox: Running,
  action: string,
  fields: Record<string, string> = {},
): Promise<string> {
  const token = /name="token" value="([^"]+)"/.exec(await readIn(sandbox, PAGE_WITH_FORM))?.[1] ?? '';
  const body = new URLSearchParams({ ...fields, token });
  const done = await fetch(`${sandbox.url}${action}`, { method: 'POST', body });
  return done.text();
}
