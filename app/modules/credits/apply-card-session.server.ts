import {
  type CardSetupFact,
  decided,
  type DoorOutcome,
  type FactContext,
  type SessionFact,
} from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { lockRule } from './lock-rule.server';
import { moveRule } from './move-rule.server';
import { saveCard } from './save-card.server';

/**
 * A session of mode `setup` brings the card that was saved on its page, and with it the consent that it was opened for.
 * No event carries the card: it is read.
 */
export async function applyCardSession(
  tx: Tx,
  session: SessionFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const { realmId } = context;
  const { ours } = session;
  if (ours.realm !== undefined && ours.realm !== realmId) return decided('ignored', 'other_realm');
  const setup = await findSetup(tx, session, realmId);
  if (!setup) return unknownSetup(session);
  if (session.status === 'expired') return close(tx, setup.id);
  if (session.status !== 'complete' || session.setupIntentId === undefined)
    return decided('noop', `session_${session.status ?? 'none'}`);
  const { setupIntentId } = session;
  const saved = context.evidence.find(
    (fact): fact is CardSetupFact => fact.kind === 'card_setup' && fact.id === setupIntentId,
  );
  if (!saved) return { outcome: 'need', refs: [{ object: 'setup_intent', id: setupIntentId }] };
  if (!saved.isDone || saved.card === undefined) return decided('noop', 'no_card');
  return keep(tx, setup, session.id, saved.card, context);
}

type Setup = NonNullable<Awaited<ReturnType<typeof findSetup>>>;

function findSetup(tx: Tx, { id, ours }: SessionFact, realmId: string) {
  return tx.cardSetup.findFirst({
    where: { realmId, ...(ours.row === undefined ? { stripeSession: id } : { id: ours.row }) },
    select: { id: true, customerId: true, consent: true },
  });
}

function unknownSetup({ ours }: SessionFact): DoorOutcome {
  if (ours.row?.startsWith('cds_') !== true) return decided('ignored', 'foreign');
  const detail = `names ${ours.row}, which this realm does not have`;
  return { outcome: 'quarantined', code: 'unknown_card_setup', detail, effects: [] };
}

/** Under the rule's lock. A card of a page that was closed here is kept, and turns nothing on. */
async function keep(
  tx: Tx,
  { id, customerId, consent }: Setup,
  stripeSession: string,
  card: NonNullable<CardSetupFact['card']>,
  { realmId, cause }: FactContext,
): Promise<DoorOutcome> {
  const rule = await lockRule(tx, { realmId, customerId });
  if (!rule) throw new Error(`The rule of ${customerId} vanished.`);
  const { stripeCustomer } = card;
  if (stripeCustomer === undefined) return close(tx, id);
  const cardId = await saveCard(tx, { realmId, customerId }, { ...card, stripeCustomer });
  if (cardId === undefined) throw new Error(`${card.id} is another customer's than ${customerId}.`);
  const { count } = await tx.cardSetup.updateMany({
    where: { id, state: { in: ['created', 'open'] } },
    data: { state: 'done', stripeSession },
  });
  if (count === 0) return decided('duplicate', 'card_known');
  const isNewer = rule.consent === null || rule.consent.n < consent.n;
  if (!isNewer) return decided('applied', 'card_saved', [id]);
  await moveRule(tx, rule, { to: 'on', consent, cardId, cause });
  return decided('applied', 'top_up_on', [id, rule.id]);
}

async function close(tx: Tx, id: string): Promise<DoorOutcome> {
  const { count } = await tx.cardSetup.updateMany({
    where: { id, state: { in: ['created', 'open'] } },
    data: { state: 'closed' },
  });
  return count === 0 ? decided('stale', 'setup_over') : decided('applied', 'setup_closed', [id]);
}
