// Loaded before remix-serve by --import. Its request log writes whole URLs; the queries of links in mails hold tokens.
import { createRequire } from 'node:module';

const own = createRequire(import.meta.url);
const morgan = createRequire(own.resolve('@remix-run/serve/package.json'))('morgan');

morgan.token('url', (request) => (request.originalUrl ?? request.url).split('?', 1)[0]);
