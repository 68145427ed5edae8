import { type CallResult, recordCall } from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

/** Records what came of a `setup_session.create`; the purpose is the card setup. An event may have told of it before. */
export async function recordSetupCall(
  tx: Tx,
  call: { id: string; purpose: string },
  result: CallResult,
): Promise<void> {
  await recordCall(tx, call.id, result);
  const where = { id: call.purpose, state: 'created' as const };
  switch (result.outcome) {
    case 'unknown':
      return;
    case 'refused':
    case 'absent':
      await tx.cardSetup.updateMany({ where, data: { state: 'closed' } });
      return;
    case 'succeeded': {
      const { id: stripeSession, url } = result.object;
      const data = { state: 'open' as const, stripeSession, sessionUrl: url ?? null };
      await tx.cardSetup.updateMany({ where, data });
      return;
    }
    default:
      assertNever(result);
  }
}
