export type ReadBodyOutcome =
  | { outcome: 'read'; body: Buffer }
  /** `bytes` were read, or announced, when reading stopped. */
  | { outcome: 'too_big'; bytes: number };

/** Reads a raw body and stops at the limit: what comes after it is never held in memory. */
export async function readBody(request: Request, limit: number): Promise<ReadBodyOutcome> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limit) return { outcome: 'too_big', bytes: announced };
  if (request.body === null) return { outcome: 'read', body: Buffer.alloc(0) };
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > limit) {
      reader.releaseLock();
      return { outcome: 'too_big', bytes };
    }
    chunks.push(value);
  }
  return { outcome: 'read', body: Buffer.concat(chunks) };
}
