import { type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { type ActReply } from '~/components/console/act-reply';
import { type OfflineForm } from '~/components/console/record-offline';
import { parseAct } from '~/console/act-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { askOffline, type AskOfflineOutcome, listOfflinePacks } from '~/modules/offline/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { leadToPage } from '~/platform/http.server';
import { offlineForm } from '~/console/offline-form.server';

/** What the dialog offers: the packs, and what the chosen customer has. */
export async function loader({ request }: LoaderFunctionArgs): Promise<OfflineForm> {
  await requireStaff(request, 'finance');
  leadToPage(request, '/admin/payments');
  const { mode: book } = await consoleRealm();
  const customerId = new URL(request.url).searchParams.get('customer');
  const packs = await listOfflinePacks(db());
  if (customerId === null || !/^cst_\w{1,100}$/.test(customerId)) return { packs, holds: undefined };
  const { available, debt } = await readBalance(db(), { book, customerId });
  return { packs, holds: { customerId, available, debt } };
}

/** Asks a second person to record a payment that was made outside Stripe. */
export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'finance');
  if (acting.outcome === 'prove_first') return acting;
  const form = parseAct(await request.formData(), offlineForm);
  if (!form.ok) return form.reply;
  const { customer: customerId, sold: versionId, quantity, credits, ...asked } = form.value;
  if (versionId === 'custom' && credits === undefined)
    return refused('Nothing was asked for: look at what is marked.', {
      credits: ['Write how many credits were sold.'],
    });
  const sold =
    versionId === 'custom' ? { credits: credits ?? 0n } : { versionId, quantity: Number(quantity) };
  const { id: actor, role } = acting.user;
  const realm = await consoleRealm();
  return replyOf(await askOffline(db(), { realm, customerId, sold, actor, role, ...asked }));
}

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

const refused = (message: string, fields?: Record<string, string[]>): ActReply => ({
  ...{ outcome: 'refused', message },
  ...(fields === undefined ? {} : { fields }),
});
const requestPage = (approvalId: string) => ({
  to: `/admin/approvals/${approvalId}`,
  label: 'Show the request',
});

function replyOf(outcome: AskOfflineOutcome): ActReply {
  switch (outcome.outcome) {
    case 'asked': {
      const message =
        'Nothing moves until somebody else approves it, within seven days. Then it is a sale like any other.';
      return { outcome: 'asked', message, link: requestPage(outcome.approvalId) };
    }
    case 'already_asked': {
      const message = 'This reference waits for approval already; it was not asked for twice.';
      return { outcome: 'asked', message, link: requestPage(outcome.approvalId) };
    }
    case 'already_recorded':
      return refused(`Nothing was asked for: this reference is recorded already, as ${outcome.paymentId}.`, {
        reference: ['Recorded already.'],
      });
    case 'own_wallet':
      return refused('Nothing was asked for: nobody records money for their own log-in.');
    case 'unknown_customer':
      return refused('Nothing was asked for: there is no such customer.');
    case 'unknown_pack':
      return refused('Nothing was asked for: there is no such pack.');
    case 'nothing_sold':
      return refused('Nothing was asked for: an amount and credits above zero are needed.');
    default:
      return assertNever(outcome);
  }
}
