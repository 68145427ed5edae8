import { type LoaderFunctionArgs } from '@remix-run/node';
import { auditFilters, exportAudit } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';
import { download } from '~/platform/download.server';
import { utcDay } from '~/platform/time';

/** The filtered audit, whole. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'support');
  const body = exportAudit(db(), auditFilters(new URL(request.url).searchParams), request.signal);
  return download(body, { name: `audit-${utcDay(new Date())}`, format: 'csv' });
}
