import { type LoaderFunctionArgs } from '@remix-run/node';
import { answerScrape, scrapeResponse } from '~/modules/metrics/index.server';
import { db } from '~/platform/db.server';
import { env } from '~/platform/env.server';
import { clientAddressOf } from '~/platform/request-id.server';

/** For Prometheus: opened by METRICS_TOKEN, hidden without one but from this very machine in demo and test mode. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { METRICS_TOKEN, CREDENCE_MODE } = env();
  const scrape = { authorization: request.headers.get('authorization'), address: clientAddressOf(request) };
  const answered = await answerScrape(db(), scrape, { token: METRICS_TOKEN, mode: CREDENCE_MODE });
  const { status, headers, body } = scrapeResponse(answered);
  return new Response(body, { status, headers });
}
