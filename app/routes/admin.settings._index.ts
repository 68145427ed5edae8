import { type LoaderFunctionArgs, redirect } from '@remix-run/node';

import { requireStaff } from '~/modules/auth/index.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin/settings/team');
}
