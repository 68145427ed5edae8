// Loaded before remix-serve by --import. On SIGTERM remix-serve stops listening and goes on living with its database
// connections; this ends the process as soon as the requests in flight are answered.
import diagnostics from 'node:diagnostics_channel';
import './end-with-supervisor.js';

const servers = new Set();
diagnostics.subscribe('http.server.request.start', ({ server }) => servers.add(server));

process.once('SIGTERM', () => {
  const closed = [...servers].map((server) => new Promise((resolve) => server.close(resolve)));
  void Promise.all(closed).then(() => process.exit(0));
});
