import { afterAll, afterEach, beforeEach, vi } from 'vitest';

/**
 * One worker runs many files. What a file says in the environment ends with it, and so does what has read it: the modules
 * and the client that the process keeps.
 */
const before = JSON.stringify(process.env);
let isChanged = false;
const look = () => {
  isChanged ||= JSON.stringify(process.env) !== before;
};

beforeEach(look);
afterEach(look);
afterAll(() => {
  look();
  if (!isChanged) return;
  vi.unstubAllEnvs();
  vi.resetModules();
  Reflect.deleteProperty(globalThis, 'credenceDb');
});
