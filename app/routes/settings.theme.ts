import { type ActionFunctionArgs, data, redirect } from '@remix-run/node';
import { themeSchema } from '~/components/shell/theme';
import { writeTheme } from '~/components/shell/theme-cookie.server';
import { assertSameOrigin, safeRedirect } from '~/modules/auth/index.server';

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const form = await request.formData();
  const theme = themeSchema.safeParse(form.get('theme'));
  if (!theme.success) throw Response.json({ code: 'unknown_theme' }, { status: 422 });
  const headers = { 'Set-Cookie': await writeTheme(theme.data) };
  // Without JavaScript the browser navigates here and has to be sent back.
  if (request.headers.get('sec-fetch-mode') === 'navigate') {
    return redirect(safeRedirect(form.get('back')), { headers });
  }
  return data(null, { headers });
}

export function loader() {
  return redirect('/');
}
