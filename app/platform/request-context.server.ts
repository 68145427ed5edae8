import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line of one request or job carries. */
export interface RequestContext {
  requestId?: string;
  realm?: string;
  job?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const requestContext = (): RequestContext | undefined => storage.getStore();

/** Runs `fn` with the context added to what surrounds it. */
export function withRequestContext<T>(context: RequestContext, fn: () => T): T {
  return storage.run({ ...storage.getStore(), ...context }, fn);
}

/** Names the realm for the rest of this request or job, once it is known. */
export function setContextRealm(realm: string): void {
  const context = storage.getStore();
  if (context) context.realm = realm;
}
