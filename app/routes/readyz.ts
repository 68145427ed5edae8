import { readiness } from '~/modules/health/index.server';

/** Public: 200 when requests can be served, else 503 and the codes of what is not ready. */
export async function loader() {
  const notReady = await readiness();
  return Response.json(
    { status: notReady.length === 0 ? 'ready' : 'not_ready', notReady },
    { status: notReady.length === 0 ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
  );
}
