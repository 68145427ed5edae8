import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { parseAct } from '~/console/act-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { findPaymentRealm } from '~/modules/payments/index.server';
import { heldReader, isKeyFault, isPassing } from '~/modules/stripe/index.server';
import { resolveReview, type ResolveReviewOutcome } from '~/modules/webhooks/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { reviewForm } from '~/console/review-form.server';

/** Nothing to see: it is asked from the payment's page. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect(`/admin/payments/${encodeURIComponent(params['paymentId'] ?? '')}`);
}

/** Grants what a payment in review sold. */
export async function action({ request, params }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome === 'prove_first') return acting;
  const form = parseAct(await request.formData(), reviewForm);
  if (!form.ok) return form.reply;
  const { reason, comment } = form.value;
  const { id: actor, role } = acting.user;
  const paymentId = params['paymentId'] ?? '';
  const realm = await findPaymentRealm(db(), { paymentId, book: (await consoleRealm()).mode });
  if (realm === undefined) throw new Response(null, { status: 404 });
  const reviewed = { realmId: realm.id, paymentId };
  try {
    const reader = await heldReader(realm.id);
    return replyOf(await resolveReview(db(), reader, reviewed, { actor, role, reason, comment }));
  } catch (error) {
    if (isPassing(error) || isKeyFault(error))
      return refused('Nothing was done: Stripe does not answer, and it is asked what was paid. Try again.');
    throw error;
  }
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

const refused = (why: string): ActReply => ({ outcome: 'refused', message: why });
const waits = (approvalId: string, message: string): ActReply => ({
  ...{ outcome: 'asked', message },
  link: { to: `/admin/approvals/${approvalId}`, label: 'Show the request' },
});

function replyOf(outcome: ResolveReviewOutcome): ActReply {
  switch (outcome.outcome) {
    case 'granted':
      return { outcome: 'done', message: 'Stripe shows it paid, and its credits are granted.' };
    case 'asked':
      return waits(
        outcome.approvalId,
        'It is above your limit. Nothing moves until somebody else approves it, within seven days.',
      );
    case 'already_asked':
      return waits(
        outcome.approvalId,
        'Somebody asked for it already: it waits for approval, and was not asked twice.',
      );
    case 'own_wallet':
      return refused('Nothing was done: nobody grants into the wallet of their own log-in.');
    case 'not_paid':
      return refused('Nothing was granted: Stripe does not show it as paid.');
    case 'not_money':
      return refused('Nothing was granted: it names nothing at Stripe that settles money.');
    case 'no_key_of_realm':
      return refused('Nothing was granted: only the key of its own realm can ask Stripe about it.');
    case 'not_in_review':
      return { outcome: 'done', message: 'It is in review no more: its page tells how it was resolved.' };
    case 'of_a_plan':
      return refused('Nothing was granted: it is a plan’s invoice. Correct its event instead.');
    case 'more_than_paid':
      return refused('Nothing was granted: less was paid than this is sold for. It can be refunded.');
    case 'customer_deleted':
      return refused('Nothing was granted: its customer is being deleted. Refund it.');
    default:
      return assertNever(outcome);
  }
}
