import { type LoaderFunctionArgs } from '@remix-run/node';
import { consoleRealm, exportPayments, paymentFilters, readRealms } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

/** The filtered list of payments, whole. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = paymentFilters(searchParams, await readRealms(db()), realm.id);
  const day = new Date().toISOString().slice(0, 10);
  return new Response(exportPayments(db(), filters), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="payments-${realm.mode}-${day}.csv"`,
      'Cache-Control': 'no-store',
    },
  });
}
