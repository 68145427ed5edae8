import { pino, type Logger } from 'pino';

import { logLevel } from './env.server';
import { requestContext } from './request-context.server';

let logger: Logger | undefined;

/**
 * Structured logs: one line per past-tense event plus ids. Realm and request id come with every line.
 * Bodies, e-mails, cards and secrets are never passed in.
 */
export const log = {
  info: (event: string, fields: object = {}) => get().info(fields, event),
  warn: (event: string, fields: object = {}) => get().warn(fields, event),
  error: (event: string, fields: object = {}) => get().error(fields, event),
};

function get(): Logger {
  logger ??= pino({
    level: logLevel(),
    base: { app: 'credence' },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => requestContext() ?? {},
    redact: { paths: ['password', 'token', 'secret', 'email', 'authorization', 'cookie'], remove: true },
  });
  return logger;
}
