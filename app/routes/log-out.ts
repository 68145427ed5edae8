import { type ActionFunctionArgs, redirect } from '@remix-run/node';
import {
  assertSameOrigin,
  authContext,
  clearSessionToken,
  logOut,
  readSessionToken,
} from '~/modules/auth/index.server';

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const { outcome } = await logOut(authContext(), await readSessionToken(request));
  if (outcome === 'left') return redirect('/hand-off', 303);
  return redirect('/', { status: 303, headers: { 'Set-Cookie': await clearSessionToken() } });
}

/** A link or an image must log nobody out. */
export function loader() {
  return redirect('/');
}
