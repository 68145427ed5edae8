import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { type ServerResponse } from 'node:http';

const storage = new AsyncLocalStorage<ServerResponse>();

/** Says which response answers the request that begins here; it lasts to the end of that request. */
export function enterResponse(response: ServerResponse): void {
  storage.enterWith(response);
}

/**
 * Of the request at hand: waits while more is written than its reader has taken, and not beyond the end of the connection.
 * Outside a request nothing is waited for.
 */
export function drainOfResponse(): () => Promise<void> {
  const response = storage.getStore();
  return async () => {
    if (response?.writableNeedDrain === true) await drained(response);
  };
}

/** Compression answers `on('drain')` for its own stream: the emitter itself is asked for the connection's. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      for (const event of ['drain', 'close']) EventEmitter.prototype.off.call(response, event, go);
      resolve();
    };
    for (const event of ['drain', 'close']) EventEmitter.prototype.on.call(response, event, go);
  });
}
