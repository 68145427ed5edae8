// Loaded before remix-serve by --import. On SIGTERM or SIGINT remix-serve stops listening; this ends the process without
// breaking a request: what is under way is answered, each answer closes its connection, connections that rest stay for a
// second longer, for a request that was sent before its sender knew. What lasts beyond the grace period is cut off.
import diagnostics from 'node:diagnostics_channel';
import './end-with-supervisor.js';

const RESTING_MS = 1_000;
/** Below the time after which Docker (compose.yaml: 30 s) kills. */
const GRACE_MS = 25_000;
const DISCONNECT_MS = 2_000;

/** Each server with the function that closes its resting connections. */
const servers = new Map();
const responses = new Set();
let isEnding = false;

diagnostics.subscribe('http.server.request.start', ({ server, response }) => {
  if (!servers.has(server)) {
    servers.set(server, server.closeIdleConnections.bind(server));
    // `close` would call it at once, while a request may be on its way on any of them.
    server.closeIdleConnections = () => undefined;
  }
  if (isEnding) response.shouldKeepAlive = false;
  responses.add(response);
  response.once('close', () => responses.delete(response));
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function end() {
  isEnding = true;
  for (const response of responses) if (!response.headersSent) response.shouldKeepAlive = false;
  const closed = Promise.all(
    [...servers.keys()].map((server) => new Promise((resolve) => server.once('close', resolve))),
  );
  const late = setTimeout(() => {
    process.stderr.write(
      `Web ends with ${responses.size} requests unanswered after ${GRACE_MS / 1_000} s.\n`,
    );
    for (const server of servers.keys()) server.closeAllConnections();
  }, GRACE_MS);
  const rest = pause(RESTING_MS).then(() => {
    const close = () => servers.forEach((closeIdle) => closeIdle());
    close();
    // A connection that was kept by an answer begun before the signal.
    setInterval(close, 100).unref();
  });
  await (servers.size === 0 ? undefined : Promise.all([closed, rest]));
  clearTimeout(late);
  // Who holds something open ends it now; what does not end soon falls with the process.
  const held = [];
  diagnostics.channel('credence.web.end').publish(held);
  await Promise.race([Promise.allSettled(held), pause(DISCONNECT_MS)]);
}

for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => {
    // The second one does not wait.
    if (isEnding) process.exit(1);
    void end().then(() => process.exit(0));
  });
