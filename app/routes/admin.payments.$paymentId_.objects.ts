import { type LoaderFunctionArgs } from '@remix-run/node';
import { readPaymentObjects } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

/** What Stripe said of a payment's objects, for whoever unfolds them. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const objects = await readPaymentObjects(db(), params['paymentId'] ?? '');
  if (objects === undefined) throw new Response(null, { status: 404 });
  return { objects };
}
