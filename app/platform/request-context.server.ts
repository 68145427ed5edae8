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

/** Starts the context of a request that is entered by an event, not by a call; it lasts to the end of that request. */
export function enterRequestContext(context: RequestContext): void {
  storage.enterWith(context);
}

/** Names the realm for the rest of this request or job, once it is known. */
export function setContextRealm(realm: string): void {
  const context = storage.getStore();
  if (context) context.realm = realm;
}
