import { type Tx } from '~/platform/db.server';

/** A client under its row's lock: what is done to its keys at once happens one after the other. */
export async function lockClient(tx: Tx, clientId: string) {
  await tx.$queryRaw`SELECT id FROM api_client WHERE id = ${clientId} FOR UPDATE`;
  return tx.apiClient.findUnique({
    where: { id: clientId },
    select: { id: true, bookId: true, scopes: true, returnOrigins: true, closedAt: true },
  });
}
