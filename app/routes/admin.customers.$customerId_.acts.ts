import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from '@remix-run/node';
import { CUSTOMER_ACT } from '~/components/console/customer-acts';
import { type ActReply } from '~/components/console/act-reply';
import { parseAct } from '~/console/act-form.server';
import { adjustForm, freezeForm, thawForm } from '~/console/adjust-form.server';
import { adjustByStaff, freezeByStaff, thawByStaff } from '~/modules/adjustments/index.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { type PersonRole } from '~/modules/approvals/shared';
import { type Book } from '~/modules/ledger/shared';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';
import { formatCredits } from '~/platform/money';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

/** Nothing to see: the acts stand on the customer's page. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  return redirect(`/admin/customers/${params['customerId'] ?? ''}`);
}

/** Whose wallet is acted on, in the book of this console's realm, and by whom. */
interface On {
  book: Book;
  customerId: string;
  actor: string;
  role: PersonRole;
}

export async function action({ request, params }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'support');
  if (acting.outcome !== 'acting') return acting;
  const { mode: book } = await consoleRealm();
  const { id: actor, role } = acting.user;
  const on = { book, customerId: params['customerId'] ?? '', actor, role };
  const form = await request.formData();
  const intent = form.get('intent');
  if (intent === CUSTOMER_ACT.freeze) return freezeBy(on, form);
  return intent === CUSTOMER_ACT.thaw ? thawBy(on, form) : adjustBy(on, form);
}

const refused = (message: string): ActReply => ({ outcome: 'refused', message });
const UNKNOWN = refused('There is no such customer.');
const OWN = refused('This is the wallet of your own log-in: somebody else does that.');

async function adjustBy(on: On, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, adjustForm);
  if (!parsed.ok) return parsed.reply;
  const { seq: expectedSeq, direction, amount, lastDay, key, reason, comment } = parsed.value;
  const what = `${formatCredits(amount)} ${amount === 1n ? 'credit' : 'credits'}`;
  const answer = await adjustByStaff(db(), {
    ...{ ...on, direction, amount, expectedSeq, key, reason, comment },
    expiresAt: direction === 'add' ? (lastDay ?? null) : null,
  });
  switch (answer.outcome) {
    case 'adjusted':
      return {
        outcome: 'done',
        message: `${what} ${direction === 'add' ? 'added' : 'subtracted'}; ${formatCredits(answer.available)} were available then.`,
        link: { to: `/admin/transfers/${answer.transferId}`, label: 'Show the transfer' },
      };
    case 'asked':
      return {
        outcome: 'asked',
        message: `${what}: nothing has moved. Finance is asked by mail.`,
        link: { to: `/admin/approvals/${answer.approvalId}`, label: 'Show the request' },
      };
    case 'changed':
      return refused(
        `The wallet has moved since you looked: ${formatCredits(answer.available)} are available now. Nothing was done; look at the new preview.`,
      );
    case 'insufficient':
      return refused(`Only ${formatCredits(answer.available)} are available. Nothing was done.`);
    case 'expiry_past':
      return {
        ...{ outcome: 'refused', message: 'Nothing was done: look at what is marked.' },
        fields: { lastDay: ['Choose a day that is not over.'] },
      };
    case 'own_wallet':
      return OWN;
    case 'unknown_customer':
      return UNKNOWN;
    case 'key_reused':
      return refused('This dialog did something else already. Close it and open it anew.');
    default:
      return assertNever(answer);
  }
}

async function freezeBy({ book, customerId, actor }: On, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, freezeForm);
  if (!parsed.ok) return parsed.reply;
  const { key, reason, comment } = parsed.value;
  const answer = await freezeByStaff(db(), { book, customerId, actor, key, reason, comment });
  switch (answer.outcome) {
    case 'frozen':
      return { outcome: 'done', message: 'The wallet is frozen until somebody thaws it.' };
    case 'own_wallet':
      return OWN;
    case 'unknown_customer':
      return UNKNOWN;
    default:
      return assertNever(answer);
  }
}

async function thawBy({ book, customerId, actor }: On, form: FormData): Promise<ActReply> {
  const parsed = parseAct(form, thawForm);
  if (!parsed.ok) return parsed.reply;
  const { cause, reason, comment } = parsed.value;
  const answer = await thawByStaff(db(), { book, customerId, actor, cause, reason, comment });
  switch (answer.outcome) {
    case 'thawed':
      return {
        outcome: 'done',
        message: answer.isFrozen
          ? 'This freeze is over; another one stands.'
          : 'The wallet can be spent from again.',
      };
    case 'not_by_staff':
      return refused('This freeze ends with its dispute or its debt.');
    case 'not_found':
      return refused('There is no such freeze.');
    case 'own_wallet':
      return OWN;
    default:
      return assertNever(answer);
  }
}
