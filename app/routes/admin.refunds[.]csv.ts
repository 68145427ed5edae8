import { type LoaderFunctionArgs } from '@remix-run/node';
import { consoleRealm, exportMoneyBacks, moneyBackFilters, readRealms } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';
import { download } from '~/platform/download.server';
import { utcDay } from '~/platform/time';

/** The filtered list of refunds, whole. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = moneyBackFilters(searchParams, 'refund', await readRealms(db()), realm.id);
  const body = exportMoneyBacks(db(), filters, request.signal);
  return download(body, { name: `refunds-${realm.mode}-${utcDay(new Date())}`, format: 'csv' });
}
