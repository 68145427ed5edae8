import Stripe from 'stripe';

import { observe } from '~/platform/metrics.server';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type Request = Parameters<HttpClient['makeRequest']>;

/** The SDK's own client, with the time that each request took until its status came. */
export function measuredHttpClient(): HttpClient {
  const client = Stripe.createNodeHttpClient();
  const send = client.makeRequest.bind(client);
  client.makeRequest = async (...request: Request) => {
    const [, , path, method] = request;
    const startedAt = performance.now();
    const note = (outcome: string) =>
      observe(
        'credence_stripe_request_seconds',
        { method, resource: resourceOf(path), outcome },
        (performance.now() - startedAt) / 1000,
      );
    try {
      const response = await send(...request);
      note(outcomeOf(response.getStatusCode()));
      return response;
    } catch (error) {
      note('unanswered');
      throw error;
    }
  };
  return client;
}

/** Resources whose first word is only a folder. */
const FOLDERS = new Set(['checkout', 'billing_portal', 'test_helpers', 'tax', 'issuing']);

/** `/v1/checkout/sessions/cs_1?expand=…` is `checkout/sessions`: never an id. */
export function resourceOf(path: string): string {
  const [, , first = 'unknown', second = ''] = (path.split('?', 1)[0] ?? '').split('/');
  return FOLDERS.has(first) ? `${first}/${second}` : first;
}

function outcomeOf(status: number): string {
  if (status === 429) return 'limited';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'ok';
}
