import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import * as z from 'zod';
import { type CheckReply } from '~/components/console/check-with-stripe';
import { assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { heldRealms, isKeyFault, isPassing } from '~/modules/stripe/index.server';
import { checkAbout } from '~/modules/webhooks/index.server';
import { CHECK_REASON_LABEL, CHECK_REASONS } from '~/modules/webhooks/shared';
import { db } from '~/platform/db.server';
import { dispatchFact } from '~/worker/dispatch.server';

/** Somebody waits for the answer: of a customer who brought more, the newest are looked at. */
const MOST = 200;

/** Nothing to see: it is asked from the page of a payment or a customer. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin');
}

const schema = z.object({
  about: z.string().regex(/^(?:pay|cst)_\w{1,100}$/),
  reason: z.enum(CHECK_REASONS),
  comment: z.string().trim().max(1000).default(''),
});

/**
 * Reads at Stripe and brings what stands there to the doors of its events. Nothing moves by anybody's will: so it takes no
 * fresh proof of identity, and asked twice it finds its work done.
 */
export async function action({ request }: ActionFunctionArgs): Promise<CheckReply> {
  assertSameOrigin(request);
  const user = await requireStaff(request, 'support');
  const form = schema.safeParse(Object.fromEntries(await request.formData()));
  if (!form.success) throw new Response(null, { status: 400 });
  const { about, reason: code, comment } = form.data;
  const realms = await heldRealms();
  const reason = comment === '' ? CHECK_REASON_LABEL[code] : comment;
  try {
    return await checkAbout(
      { db: db(), dispatch: dispatchFact },
      { realms, about, actor: user.id, reason, code, most: MOST },
    );
  } catch (error) {
    if (isPassing(error) || isKeyFault(error)) return { outcome: 'unanswered' };
    throw error;
  }
}
