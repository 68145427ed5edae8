import { type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { type RefundForeseen } from '~/components/console/refund-dialog';
import { parseAct } from '~/console/act-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { previewForStaff, requestRefund, type RequestRefundOutcome } from '~/modules/refunds/index.server';
import { refundBarWords, type SentRefund } from '~/modules/refunds/shared';
import { findPaymentRealm } from '~/modules/payments/index.server';
import { settingsOf } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { parseMinor } from '~/platform/amount-text';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { leadToPage } from '~/platform/http.server';
import { formatMoney } from '~/platform/money';
import { noKeyWords } from '~/console/no-key-words';
import { refundForm } from '~/console/refund-form.server';

/** What a refund would do, as somebody types its amount. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'support');
  leadToPage(request, `/admin/payments/${encodeURIComponent(params['paymentId'] ?? '')}`);
  const paymentId = params['paymentId'] ?? '';
  const realm = await realmOf(paymentId);
  const typed = new URL(request.url).searchParams.get('amount')?.trim() ?? '';
  const asked = { realm, paymentId, actor: user.id, role: user.role };
  const whole = await previewForStaff(db(), asked);
  if (whole === undefined) throw new Response(null, { status: 404 });
  if (typed === '') return foreseen({ outcome: 'foreseen', typed, preview: whole });
  const amount = parseMinor(typed, whole.currency);
  if (amount === undefined) return foreseen({ outcome: 'no_amount', typed });
  const preview = await previewForStaff(db(), { ...asked, amount });
  if (preview === undefined) throw new Response(null, { status: 404 });
  return foreseen({ outcome: 'foreseen', typed, preview });
}

/** A refund goes to the account that the money came to. */
async function realmOf(paymentId: string): Promise<RealmView> {
  const realm = await findPaymentRealm(db(), { paymentId, book: (await consoleRealm()).mode });
  if (realm === undefined) throw new Response(null, { status: 404 });
  return realm;
}

const foreseen = (answer: RefundForeseen): RefundForeseen => answer;

export async function action({ request, params }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome === 'prove_first') return acting;
  const form = parseAct(await request.formData(), refundForm);
  if (!form.ok) return form.reply;
  const { user } = acting;
  const { amount, seen, reason, comment } = form.value;
  const paymentId = params['paymentId'] ?? '';
  const realm = await realmOf(paymentId);
  const key = await settingsOf(realm.id);
  if (key.outcome === 'no_key') return refused(noKeyWords(realm));
  const by = { actor: user.id, role: user.role };
  const outcome = await requestRefund(db(), key.settings, {
    ...{ realm, paymentId, amount, key: seen },
    ...{ ...by, reason, comment },
  });
  if (outcome.outcome === 'not_found') throw new Response(null, { status: 404 });
  if (outcome.outcome !== 'barred') return replyOf(outcome, user.id);
  const now = await previewForStaff(db(), { realm, paymentId, ...by });
  return refused(`Nothing was sent. ${refundBarWords(outcome.bar, now?.currency ?? 'usd')}`);
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

function replyOf(
  outcome: Exclude<RequestRefundOutcome, { outcome: 'not_found' | 'barred' }>,
  actor: string,
): ActReply {
  switch (outcome.outcome) {
    case 'sent':
      return sentReply(outcome);
    case 'awaiting_approval':
      return { ...WAITS, link: { to: `/admin/approvals/${outcome.approvalId}`, label: 'Show the request' } };
    case 'repeated': {
      const first = sentReply(outcome);
      if (outcome.actor === actor || first.outcome === 'prove_first' || first.outcome === 'unheard')
        return first;
      const who = outcome.actorName ?? 'Somebody else';
      return {
        ...first,
        message: `${who} asked for just this refund before you, and yours added none. ${first.message}`,
      };
    }
    case 'changed':
      return refused(
        'Nothing was sent: something went back of this payment since you looked. This is how it stands now; look again.',
      );
    case 'own_wallet':
      return refused('Nothing was sent: nobody refunds into the wallet of their own log-in.');
    default:
      return assertNever(outcome);
  }
}

const refused = (message: string): ActReply => ({ outcome: 'refused', message });

const WAITS = {
  outcome: 'asked',
  message: 'It is above your limit. Nothing moves until somebody else approves it, within seven days.',
  link: { to: '/admin/approvals', label: 'See what waits' },
} as const satisfies ActReply;

/** How the refund stands, as far as anybody knows. */
function sentReply({ refundId, status, failure, amount, currency }: SentRefund): ActReply {
  const money = formatMoney(amount, currency);
  const link = { to: `/admin/refunds?q=${refundId}`, label: 'See the refund' };
  switch (status) {
    case 'awaiting_approval':
      return WAITS;
    case 'requested':
    case 'sending':
      return {
        outcome: 'open',
        message: `Stripe has not answered yet, so nobody knows whether ${money} went. The same refund is sent again by itself and cannot happen twice; its credits are held back meanwhile.`,
        link,
      };
    case 'pending':
      return {
        outcome: 'open',
        message: `Stripe has taken the refund of ${money}, and the bank has not confirmed it. Its credits are held back until then.`,
        link,
      };
    case 'succeeded':
      return {
        outcome: 'done',
        message: `Stripe has refunded ${money}, and its credits are taken back.`,
        link,
      };
    case 'failed':
    case 'canceled':
    case 'rejected':
      return refused(
        `No money went back${failure === null ? '' : ` (${failure})`}. The credits stand as before.`,
      );
    default:
      return assertNever(status);
  }
}
