import { plain } from './plain';
import { problem } from './reply.server';

/** @param available what can be spent; of `wanted`, above it */
export const insufficient = (available: bigint, wanted: bigint) =>
  problem('insufficient_credits', `${wanted} credits are asked for and ${available} can be spent.`, {
    balance: plain(available),
    shortfall: plain(wanted - available),
  });

export const frozen = () => problem('wallet_frozen', 'This wallet is frozen: nothing can be spent or held.');

/** The key stands for another act, body or customer. */
export const keyReused = () =>
  problem('idempotency_key_reused', 'This Idempotency-Key was used for something else.');
