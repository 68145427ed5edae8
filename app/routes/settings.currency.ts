import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import * as z from 'zod/mini';

import { writeChosenCurrency } from '~/components/money/currency-cookie.server';
import { assertSameOrigin, safeRedirect } from '~/modules/auth/index.server';
import { env } from '~/platform/env.server';

const choice = z.object({ currency: z.string().check(z.regex(/^[a-z]{3}$/)) });

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const form = await request.formData();
  const chosen = choice.safeParse(Object.fromEntries(form));
  if (!chosen.success) throw Response.json({ code: 'unknown_currency' }, { status: 422 });
  const cookie = await writeChosenCurrency(chosen.data.currency, env().APP_URL.startsWith('https:'));
  return redirect(safeRedirect(form.get('back')), { headers: { 'Set-Cookie': cookie } });
}

export function loader() {
  return redirect('/');
}
