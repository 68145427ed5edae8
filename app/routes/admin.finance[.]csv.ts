import { type LoaderFunctionArgs } from '@remix-run/node';
import { consoleRealm } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { bookOf, exportRollForward, monthOf, readRollForward } from '~/modules/finance/index.server';
import { db } from '~/platform/db.server';
import { download } from '~/platform/download.server';

/** A month of a book, every currency and line. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const { searchParams } = new URL(request.url);
  const book = bookOf(searchParams, (await consoleRealm()).mode);
  const month = monthOf(searchParams, new Date());
  const text = exportRollForward(await readRollForward(db(), { book, month }));
  return download(new Blob([text]).stream(), { name: `finance-${book}-${month}`, format: 'csv' });
}
