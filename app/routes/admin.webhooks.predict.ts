import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import * as z from 'zod';
import { type PredictReply } from '~/components/console/prediction';
import { assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { heldReader } from '~/modules/stripe/index.server';
import { predictEvent } from '~/modules/webhooks/index.server';
import { db } from '~/platform/db.server';
import { dispatchFact } from '~/worker/dispatch.server';

/** Nothing to see: an event's dialog asks. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin/webhooks/events');
}

const form = z.object({ realmId: z.string(), eventId: z.string(), run: z.coerce.number().pipe(z.int()) });

/** What a run of an event would come to now. Nothing of it is kept. */
export async function action({ request }: ActionFunctionArgs): Promise<PredictReply> {
  assertSameOrigin(request);
  await requireStaff(request, 'support');
  const asked = form.safeParse(Object.fromEntries(await request.formData()));
  if (!asked.success) return { outcome: 'moved' };
  const reader = await heldReader(asked.data.realmId);
  const prediction = await predictEvent({ db: db(), reader, dispatch: dispatchFact }, asked.data);
  if (prediction === undefined) return { outcome: 'moved' };
  const { predicted: status, predictedCode: code, predictedDetail: detail } = prediction;
  return { outcome: 'predicted', status, code, detail };
}
