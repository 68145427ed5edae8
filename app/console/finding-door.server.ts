import { type ActReply } from '~/components/console/act-reply';
import { type PersonRole } from '~/modules/approvals/shared';
import {
  dismissFinding,
  type DismissFindingOutcome,
  repairFinding,
  type RepairOutcome,
} from '~/modules/reconciliation/index.server';
import { heldRealms, isKeyFault, isPassing } from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Db, inTransaction } from '~/platform/db.server';
import { formatCredits, formatMoney } from '~/platform/money';
import { reconcilerOf } from '~/worker/reconciler.server';

export interface FindingAct {
  intent: 'repair' | 'dismiss';
  findingId: string;
  actor: string;
  role: PersonRole;
  reason: string;
  comment: string;
}

/** Repairs or dismisses a finding of a realm whose key is held. A repair asked twice finds its work done. */
export async function actOnFinding(db: Db, { intent, ...act }: FindingAct): Promise<ActReply> {
  const finding = await db.finding.findUnique({ where: { id: act.findingId }, select: { realmId: true } });
  const held = (await heldRealms()).find(({ realm }) => realm.id === finding?.realmId);
  if (held === undefined) return refused('It belongs to a realm whose key is not here.');
  if (intent === 'dismiss')
    return replyToDismissal(
      await inTransaction(db, 'dismiss finding', (tx) => dismissFinding(tx, { ...act, realm: held.realm })),
    );
  try {
    return replyToRepair(await repairFinding(reconcilerOf(db, held), act));
  } catch (error) {
    if (!isPassing(error) && !isKeyFault(error)) throw error;
    const message =
      'Stripe does not answer. What it said until then stands; the next run brings the rest to its end.';
    return { outcome: 'open', message };
  }
}

const refused = (message: string): ActReply => ({ outcome: 'refused', message });

function replyToRepair(answer: RepairOutcome): ActReply {
  switch (answer.outcome) {
    case 'repaired':
      return {
        outcome: 'done',
        message:
          answer.by === 'this'
            ? 'Repaired: Stripe and our rows agree now.'
            : 'Nothing was left to do: Stripe and our rows agree already.',
      };
    case 'stands':
      return refused(`It was read and applied, and differs still: ${answer.detail}.`);
    case 'closed':
      return refused(`It is ${answer.state} already.`);
    case 'by_hand':
      return refused('No fact of Stripe’s puts it right: a person has to.');
    case 'above_limit':
      return refused(
        `Your limit is ${formatCredits(answer.limit)} credits, and ${formatCredits(answer.used)} of it are used. Somebody with more room repairs it.`,
      );
    case 'own_wallet':
      return refused('It is about your own wallet: somebody else repairs it.');
    case 'paused':
      return refused('Processing is paused in this book. It can be repaired when that is over.');
    case 'unknown':
      return refused('No finding has this id.');
    default:
      return assertNever(answer);
  }
}

function replyToDismissal(answer: DismissFindingOutcome): ActReply {
  switch (answer.outcome) {
    case 'dismissed':
      return { outcome: 'done', message: 'Dismissed. It is raised again when what it shows has changed.' };
    case 'moved':
      return refused('It is not open any more: look again.');
    case 'needs_finance':
      return refused('It tells of money: that is finance’s to dismiss.');
    case 'above_limit': {
      const { limit, used, unit } = answer;
      return refused(
        `Your limit is ${formatMoney(limit, unit)}, and ${formatMoney(used, unit)} of it are used. Somebody with more room dismisses it.`,
      );
    }
    case 'own_wallet':
      return refused('It is about your own wallet: somebody else dismisses it.');
    case 'unknown':
      return refused('No finding has this id.');
    default:
      return assertNever(answer);
  }
}
