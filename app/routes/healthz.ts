/** Public: the process answers. It asks nothing of the database, so a database that is down restarts no process. */
export function loader() {
  return Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } });
}
