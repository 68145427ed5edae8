import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { RESEND_INTENTS } from '~/components/console/event-acts';
import { parseAct } from '~/console/act-form.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { replaySendings, type ReplayWish } from '~/modules/outbox/index.server';
import { assertNever } from '~/platform/assert-never';
import { db, inTransaction } from '~/platform/db.server';
import { resendForm, type Asked } from '~/console/resend-form.server';

/** Nothing to see: the outgoing webhooks are. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect('/admin/webhooks/outgoing');
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome === 'prove_first') return acting;
  const actor = acting.user.id;
  const parsed = parseAct(await request.formData(), resendForm);
  if (!parsed.ok) return parsed.reply;
  const asked = parsed.value;
  let total = 0;
  let silent = 0;
  for (const [endpointId, wish] of wishesOf(asked)) {
    const sent = await sendAll(endpointId, wish, { ...asked, actor });
    if (sent === undefined) silent += 1;
    else total += sent;
  }
  const off = silent === 0 ? '' : ' An endpoint that is not on is sent nothing.';
  if (total === 0)
    return {
      outcome: 'refused',
      message: `Nothing was sent: nothing fits, or it is on its way already.${off}`,
    };
  const link = { to: '/admin/webhooks/outgoing?state=pending', label: 'Show what is on its way' };
  const said =
    total === 1 ? '1 message is on its way.' : `${total.toLocaleString('en')} messages are on their way.`;
  return { outcome: 'open', message: `${said}${off}`, link };
}

function wishesOf(asked: Asked): [endpointId: string, wish: ReplayWish][] {
  switch (asked.intent) {
    case RESEND_INTENTS.these: {
      const endpoints = [...new Set(asked.sendings.map((sending) => sending.endpoint))].sort();
      return endpoints.map((endpointId) => {
        const own = asked.sendings.filter((sending) => sending.endpoint === endpointId);
        return [endpointId, { what: 'these', sendingIds: own.map(({ id }) => id) }];
      });
    }
    case RESEND_INTENTS.failed:
    case RESEND_INTENTS.missed:
      return [[asked.endpoint, { what: asked.intent, since: asked.since }]];
    default:
      return assertNever(asked);
  }
}

/** One act takes a thousand: more are taken by further ones, each under a key of its own. */
const MOST_ACTS = 50;

/** How many were sent; undefined when the endpoint is not on. */
async function sendAll(
  endpointId: string,
  wish: ReplayWish,
  by: { actor: string; key: string; reason: string; comment: string },
): Promise<number | undefined> {
  const { actor, key, reason, comment } = by;
  let total = 0;
  for (let n = 1; n <= MOST_ACTS; n += 1) {
    const input = { endpointId, wish, actor, reason, comment, key: `${key}.${n}` };
    const sent = await inTransaction(db(), 'replay sendings', (tx) => replaySendings(tx, input));
    if (sent.outcome === 'not_on') return n === 1 ? undefined : total;
    if (sent.outcome === 'nothing_selected') return total;
    total += sent.count;
    if (!sent.hasMore) return total;
  }
  return total;
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';
