import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { CALL_OFF } from '~/components/console/deletion-intents';
import { parseAct } from '~/console/act-form.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import {
  askDeletion,
  type AskDeletionOutcome,
  cancelDeletion,
  type CancelDeletionOutcome,
} from '~/modules/customers/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { deletionForm } from '~/console/deletion-form.server';

/** Nothing to see: it is asked from the customer's page. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect(`/admin/customers/${encodeURIComponent(params['customerId'] ?? '')}`);
}

/** Asks for a customer's deletion, or calls it off while nothing of it has begun. */
export async function action({ request, params }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome === 'prove_first') return acting;
  const form = parseAct(await request.formData(), deletionForm);
  if (!form.ok) return form.reply;
  const act = form.value;
  const { reason, comment, key } = act;
  const by = {
    customerId: params['customerId'] ?? '',
    actor: acting.user.id,
    reason,
    comment,
    now: new Date(),
  };
  if (act.intent === CALL_OFF) return replyToCallOff(await cancelDeletion(db(), by));
  return replyToDelete(await askDeletion(db(), { ...by, reason, key, confirmation: act.confirmation }));
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

const refused = (message: string, fields?: Record<string, string[]>): ActReply => ({
  ...{ outcome: 'refused', message },
  ...(fields === undefined ? {} : { fields }),
});

function replyToDelete(outcome: AskDeletionOutcome): ActReply {
  switch (outcome.outcome) {
    case 'asked':
    case 'repeated':
      return {
        outcome: 'open',
        message:
          'They are logged out, buy nothing any more, and their credits are frozen. The rest begins in an hour; until then it can be called off.',
      };
    case 'not_confirmed':
      return refused('Nothing was done: look at what is marked.', {
        confirmation: ['This is not who the customer is. Type it as it stands above.'],
      });
    case 'already_asked':
      return refused('Nothing was done: their deletion is asked for already.');
    case 'unknown_customer':
      return refused('Nothing was done: there is no such customer.');
    default:
      return assertNever(outcome);
  }
}

function replyToCallOff(outcome: CancelDeletionOutcome): ActReply {
  switch (outcome.outcome) {
    case 'canceled':
      return {
        outcome: 'done',
        message: 'It is called off: they may log in and buy, and their credits are free.',
      };
    case 'not_asked':
      return { outcome: 'done', message: 'It was called off before.' };
    case 'begun':
      return refused('Nothing was done: it has begun, and what Stripe has ended stays ended.');
    default:
      return assertNever(outcome);
  }
}
