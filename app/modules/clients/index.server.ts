/**
 * Programs of the team's product: what each may do in which book, and the keys that open the API to it. Keys change and
 * are kept as hashes only; a client stays, and its acts stay one under one Idempotency-Key whichever key asked.
 */
export { changeClient, type ChangeClientOutcome } from './change-client.server';
export { createClient, type CreateClientOutcome } from './create-client.server';
export { listClients } from './list-clients.server';
export { type AskingClient, openKey, type OpenKeyOutcome } from './open-key.server';
export { originOf } from './return-origin';
export { revokeKey, type RevokeKeyOutcome } from './revoke-key.server';
export { rotateKey, type RotateKeyOutcome } from './rotate-key.server';
