import type Stripe from 'stripe';
import type * as z from 'zod';
import { changeIntentPlan } from '../engine/change-session';
import { buildItem } from '../engine/create-session';
import { priceIn, priceSession } from '../engine/price-session';
import type { World } from '../engine/world';
import { mergeMetadata } from './params';
import { conflict, invalid, missingReference } from './refusal';
import { resolveLine, storeInline } from './session-lines';
import type { updateSessionParams } from './session-params';

type Session = Stripe.Checkout.Session;
type UpdateParams = z.output<typeof updateSessionParams>;

/** Metadata may change at any time, everything else only while the session is open. */
export function updateSession(world: World, before: Session, params: UpdateParams): Session {
  const { collected_information: collected, line_items: lines, metadata, ...rest } = params;
  const isSale = lines !== undefined || collected !== undefined || rest.payment_intent_data !== undefined;
  if (isSale && before.status !== 'open') {
    throw conflict(
      `Only Checkout Sessions with a status in ["open"] can be updated. This Checkout Session has a status of \`${before.status}\`.`,
      undefined,
    );
  }
  const items = lines && newItems(world, before, lines);
  if (rest.payment_intent_data) changePlan(world, before, rest.payment_intent_data);
  const next = {
    ...before,
    ...(metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, metadata) }),
    ...(collected?.shipping_details && {
      collected_information: {
        business_name: null,
        individual_name: null,
        shipping_details: collected.shipping_details,
      },
    }),
  };
  return items ? priceSession(world, next, items) : world.store.sessions.put(next);
}

/** The whole list anew: lines with an id stay and may change, others are new, and those left out are gone. */
function newItems(
  world: World,
  session: Session,
  lines: NonNullable<UpdateParams['line_items']>,
): Stripe.LineItem[] {
  if (lines.length === 0) throw invalid('A Checkout Session needs a line item.', { param: 'line_items' });
  const known = new Map(world.store.sessionLines.must(session.id).items.map((item) => [item.id, item]));
  return lines.map(({ id, ...line }, place) => {
    const at = `line_items[${place}]`;
    const item = known.get(id ?? '');
    if (id !== undefined && !item) throw missingReference('item', id, `${at}[id]`);
    const kept = line.price_data || line.price !== undefined ? null : (item?.price?.id ?? null);
    const wanted = {
      ...line,
      price: kept ?? line.price,
      quantity: line.quantity ?? item?.quantity ?? undefined,
    };
    const resolved = resolveLine(world, wanted, at, kept);
    const currency = session.currency ?? resolved.price.currency;
    if (!priceIn(world, resolved.price, currency)) {
      throw invalid(`The price is not available in \`${currency}\`.`, { param: at });
    }
    storeInline(world, [resolved]);
    const built = buildItem(world, resolved, currency);
    if (!item) return built;
    return {
      ...built,
      id: item.id,
      adjustable_quantity: line.adjustable_quantity ? built.adjustable_quantity : item.adjustable_quantity,
      metadata: line.metadata ?? item.metadata,
    };
  });
}

function changePlan(
  world: World,
  session: Session,
  data: NonNullable<UpdateParams['payment_intent_data']>,
): void {
  if (session.mode !== 'payment') {
    const message = `You can not pass \`payment_intent_data\` in \`${session.mode}\` mode.`;
    throw invalid(message, { param: 'payment_intent_data' });
  }
  const before = world.store.sessionPlans.must(session.id);
  changeIntentPlan(world, session.id, {
    ...(data.description !== undefined && { description: data.description }),
    ...(data.metadata !== undefined && { metadata: mergeMetadata(before.metadata, data.metadata) }),
    ...(data.setup_future_usage !== undefined && { setupFutureUsage: data.setup_future_usage }),
    ...(data.statement_descriptor !== undefined && { statementDescriptor: data.statement_descriptor }),
    ...(data.statement_descriptor_suffix !== undefined && {
      statementDescriptorSuffix: data.statement_descriptor_suffix,
    }),
  });
}
