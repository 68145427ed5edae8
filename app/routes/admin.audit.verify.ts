import { type LoaderFunctionArgs } from '@remix-run/node';
import { verifyAudit } from '~/modules/audit/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

/** The audit's chain, recomputed from its first row. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'support');
  return verifyAudit(db());
}
