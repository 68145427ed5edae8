import { type ApproveInput, type RejectInput, type RejectOutcome } from '~/modules/approvals/index.server';
import { STAFF_ACT_LABEL, type StaffActKind } from '~/modules/approvals/shared';
import { currentRealm, heldReader, settingsOf } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

import { adjustDoor } from './adjust-door.server';
import { type ApprovalDeps, type ApprovalDoor, type CarriedOut, type RequestPreview } from './approval-door';
import { offlineDoor } from './offline-door.server';
import { refundDoor } from './refund-door.server';
import { refusedApproval } from './refused-approval';
import { eventDoor } from './event-door.server';

/** Nothing of this kind is asked for by anybody: it is done within limits or refused. */
const NEVER_ASKED = 'never_asked';

/** Each kind of act above its limit → the room that carries it out. A kind without one does not compile. */
const APPROVAL_DOORS: Record<StaffActKind, ApprovalDoor | typeof NEVER_ASKED> = {
  adjust: adjustDoor,
  refund: refundDoor,
  assign: eventDoor,
  dismiss: eventDoor,
  offline: offlineDoor,
  grant: NEVER_ASKED,
  repair: NEVER_ASKED,
};

const doorOf = (act: StaffActKind): ApprovalDoor => {
  const door = APPROVAL_DOORS[act];
  if (door === NEVER_ASKED) throw new Error(`Nobody asks for approval of ${STAFF_ACT_LABEL[act]}.`);
  return door;
};

/** What this process carries requests out with. */
export async function approvalDeps(db: Db): Promise<ApprovalDeps> {
  const { mode: book } = await currentRealm();
  return { db, book, settingsOf, readerOf: heldReader };
}

const TERMS = {
  id: true,
  act: true,
  book: true,
  subject: true,
  customerId: true,
  unit: true,
  amount: true,
} as const;

/** What carrying a request out would do as things stand now. */
export async function previewRequest(deps: ApprovalDeps, approvalId: string): Promise<RequestPreview> {
  const { act, ...request } = await deps.db.approval.findUniqueOrThrow({
    where: { id: approvalId },
    select: { ...TERMS, body: true },
  });
  return doorOf(act).preview(deps, request);
}

/** Carries a request out because a second person says so. Requests of the other book belong to its own console. */
export async function approveRequest(deps: ApprovalDeps, input: ApproveInput): Promise<CarriedOut> {
  const request = await deps.db.approval.findFirst({
    where: { id: input.approvalId, book: deps.book },
    select: { act: true },
  });
  return request === null
    ? refusedApproval({ outcome: 'not_found' })
    : doorOf(request.act).approve(deps, input);
}

/** Closes a request without carrying it out. */
export async function declineRequest(deps: ApprovalDeps, input: RejectInput): Promise<RejectOutcome> {
  const request = await deps.db.approval.findFirst({
    where: { id: input.approvalId, book: deps.book },
    select: { act: true },
  });
  return request === null ? { outcome: 'not_found' } : doorOf(request.act).decline(deps, input);
}
