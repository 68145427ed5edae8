import { type ActionFunctionArgs, data, redirect } from '@remix-run/node';
import { isTheme } from '~/components/shell/theme';
import { writeTheme } from '~/components/shell/theme-cookie.server';
import { assertSameOrigin, safeRedirect } from '~/modules/auth/index.server';
import { env } from '~/platform/env.server';

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const form = await request.formData();
  const theme = form.get('theme');
  if (!isTheme(theme)) throw Response.json({ code: 'unknown_theme' }, { status: 422 });
  const headers = { 'Set-Cookie': await writeTheme(theme, env().APP_URL.startsWith('https:')) };
  // Without JavaScript the browser navigates here and has to be sent back.
  if (request.headers.get('sec-fetch-mode') === 'navigate') {
    return redirect(safeRedirect(form.get('back')), { headers });
  }
  return data(null, { headers });
}

export function loader() {
  return redirect('/');
}
