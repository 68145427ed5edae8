import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { eventCount } from '~/components/console/event-acts';
import { parseAct } from '~/console/act-form.server';
import { incidentForm } from '~/console/incident-form.server';
import { noKeyWords } from '~/console/no-key-words';
import { consoleRealm } from '~/modules/admin/index.server';
import { assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { exportIncident, type ExportOutcome, findIncidentRealm } from '~/modules/incidents/index.server';
import { isKeyFault, settingsOf } from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';

/** Nothing to see: it is asked from the page of a payment or an event. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin/payments');
}

/** Writes what happened to a payment, a customer or around an event as a file that names nobody. */
export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const { id: actor } = await requireStaff(request, 'finance');
  const form = parseAct(await request.formData(), incidentForm);
  if (!form.ok) return form.reply;
  const { about, reason, comment } = form.value;
  const realm = await findIncidentRealm(db(), { about: [about], here: await consoleRealm() });
  const key = await settingsOf(realm.id);
  if (key.outcome === 'no_key') return { outcome: 'refused', message: noKeyWords(realm) };
  const act = { realm, about: [about], actor, reason, comment };
  try {
    return replyOf(await exportIncident(db(), key.settings, act));
  } catch (error) {
    if (isKeyFault(error)) return refused('Stripe refuses the key of its realm.');
    throw error;
  }
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

const refused = (why: string): ActReply => ({ outcome: 'refused', message: `Nothing was exported: ${why}` });

function replyOf(outcome: ExportOutcome): ActReply {
  switch (outcome.outcome) {
    case 'exported': {
      const { events, unplayed, file } = outcome;
      const byHand =
        unplayed === 0 ? '' : ` What was done by hand (${unplayed}) stands in it and is not played again.`;
      return {
        outcome: 'done',
        message: `${eventCount(events)} without names, addresses and cards, under ids of their own.${byHand}`,
        file: {
          name: `incident-${file.incident.about[0] ?? 'export'}.json`,
          text: `${JSON.stringify(file, null, 1)}\n`,
        },
      };
    }
    case 'unknown':
      return refused('nothing in this realm goes by that id.');
    case 'no_events':
      return refused('Stripe has said nothing of it, or what it said is redacted.');
    case 'too_much':
      return refused(
        `it has more than ${eventCount(outcome.events - 1)}. Export one of its payments, or a span of time from the command line.`,
      );
    default:
      return assertNever(outcome);
  }
}
