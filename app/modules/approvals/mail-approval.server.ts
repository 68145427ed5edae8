import { layOutMail, type MailContent, queueMail } from '~/modules/mail/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { formatCredits, formatMoney } from '~/platform/money';

import { type ApprovalState, requestLabel } from './shared';

/** What the job `approvals.mail` carries. */
interface ApprovalMail {
  approvalId: string;
  mail: 'asked' | 'closed';
}

/** More people than this are told by those who are. */
const MOST = 100;

/**
 * Tells those who may decide that they are asked, or whoever asked how it ended: once per request and person, however
 * often this runs, and only what still holds.
 */
export async function mailApproval(
  db: Db,
  { approvalId, mail }: ApprovalMail,
  appUrl: string,
): Promise<void> {
  const request = await readRequest(db, approvalId);
  if ((request.state === 'open') !== (mail === 'asked')) return;
  const asker = await db.user.findUnique({ where: { id: request.requester }, select: PERSON });
  const closer = await nameOf(db, request.approver ?? request.rejectedBy);
  const people = mail === 'asked' ? await decidersOf(db, request) : asker === null ? [] : [asker];
  const content =
    mail === 'asked' ? askedMail(request, asker?.name ?? request.requester) : closedMail(request, closer);
  const button = { label: 'Open the request', url: `${appUrl}/admin/approvals/${approvalId}` };
  await inTransaction(db, 'mail approval', async (tx) => {
    for (const { id, email } of people)
      await queueMail(tx, {
        ...{ cause: `approval:${approvalId}:${id}`, kind: `approvals.${mail}`, recipient: email },
        ...{ subject: content.heading, ...layOutMail({ ...content, button }) },
      });
  });
}

const PERSON = { id: true, email: true, name: true } as const;

const readRequest = (db: Db, id: string) =>
  db.approval.findUniqueOrThrow({
    where: { id },
    select: {
      ...{
        act: true,
        body: true,
        book: true,
        unit: true,
        amount: true,
        reason: true,
        comment: true,
        state: true,
      },
      ...{ requester: true, owner: true, approver: true, rejectedBy: true, expiresAt: true },
    },
  });
type Request = Awaited<ReturnType<typeof readRequest>>;

const decidersOf = (db: Db, { requester, owner }: Request) =>
  db.user.findMany({
    where: {
      role: { in: ['finance', 'admin'] },
      id: { notIn: [requester, ...(owner === null ? [] : [owner])] },
    },
    select: PERSON,
    orderBy: { id: 'asc' },
    take: MOST,
  });

async function nameOf(db: Db, id: string | null): Promise<string> {
  const person = id === null ? null : await db.user.findUnique({ where: { id }, select: { name: true } });
  return person?.name ?? 'Nobody';
}

/** "Add credits: 5,000 credits (test)" */
const wordsOf = ({ act, body, book, unit, amount }: Request) =>
  `${requestLabel(act, body)}: ${unit === 'credits' ? `${formatCredits(amount)} credits` : formatMoney(amount, unit)}${book === 'test' ? ' (test)' : ''}`;

const askedMail = (request: Request, asker: string): MailContent => ({
  heading: `${asker} asks for your approval`,
  paragraphs: [
    `${wordsOf(request)}. It is above what ${asker} may do alone, so nothing has moved yet.`,
    `Why: ${request.reason.replaceAll('_', ' ')}. “${request.comment}”`,
  ],
  footnotes: [
    'You have this mail because you may decide about it. One decision is enough; after seven days the request ends by itself.',
  ],
});

const ENDED: Record<Exclude<ApprovalState, 'open'>, (closer: string) => { heading: string; told: string }> = {
  executed: (closer) => ({
    heading: 'Your request was approved',
    told: `${closer} approved it, and it was carried out.`,
  }),
  rejected: (closer) => ({
    heading: 'Your request was declined',
    told: `${closer} declined it. Nothing has moved.`,
  }),
  expired: () => ({
    heading: 'Your request has expired',
    told: 'Nobody decided within seven days. Nothing has moved; you can ask again.',
  }),
};

function closedMail(request: Request, closer: string): MailContent {
  if (request.state === 'open') throw new Error('An open request has not ended.');
  const { heading, told } = ENDED[request.state](closer);
  return { heading, paragraphs: [`${wordsOf(request)}.`, told] };
}
