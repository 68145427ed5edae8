import { type LoaderFunctionArgs } from '@remix-run/node';
import { consoleRealm } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { bookOf, checkFinance } from '~/modules/finance/index.server';
import { db } from '~/platform/db.server';
import { leadToPage } from '~/platform/http.server';

/** The present instant of a book, counted anew in two other ways. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  leadToPage(request, '/admin/finance');
  return checkFinance(db(), bookOf(new URL(request.url).searchParams, (await consoleRealm()).mode));
}
