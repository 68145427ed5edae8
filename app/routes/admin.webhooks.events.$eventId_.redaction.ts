import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { parseAct } from '~/console/act-form.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { redactEvent, type RedactEventOutcome } from '~/modules/webhooks/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { redactionForm } from '~/console/redaction-form.server';

/** Nothing to see: it is asked from the event's page. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect(`/admin/webhooks/events/${encodeURIComponent(params['eventId'] ?? '')}`);
}

/** Takes the payload out of one event that rests. */
export async function action({ request, params }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome === 'prove_first') return acting;
  const form = parseAct(await request.formData(), redactionForm);
  if (!form.ok) return form.reply;
  const { realmId, reason, comment } = form.value;
  const eventId = params['eventId'] ?? '';
  return replyOf(await redactEvent(db(), { realmId, eventId, actor: acting.user.id, reason, comment }));
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

function replyOf({ outcome }: RedactEventOutcome): ActReply {
  switch (outcome) {
    case 'redacted':
      return { outcome: 'done', message: 'All but the event’s envelope and the id of its object is gone.' };
    case 'already_redacted':
      return { outcome: 'done', message: 'It was redacted before.' };
    case 'not_at_rest':
      return {
        outcome: 'refused',
        message:
          'Nothing was done: the event is on its way, and its payload is needed. Try again when it rests.',
      };
    case 'unknown_event':
      return { outcome: 'refused', message: 'Nothing was done: there is no such event.' };
    default:
      return assertNever(outcome);
  }
}
