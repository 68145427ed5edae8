import { createServer } from 'node:http';

import { type StripeSettings } from '~/modules/stripe/index.server';

/** A Stripe object as its API shows it. */
export interface StripeObject {
  id: string;
  object: 'checkout.session' | 'payment_intent' | 'charge' | 'invoice';
  [field: string]: unknown;
}

/**
 * An API that shows the objects laid on it and has no others, over HTTP.
 * why: the sandbox lets nobody be charged another amount than was asked, twice, or by a bank that fails; Stripe does.
 */
export async function openShelf(): Promise<{
  settings: StripeSettings;
  lay: (...objects: StripeObject[]) => void;
  close: () => void;
}> {
  const objects = new Map<string, StripeObject>();
  const server = createServer((request, response) => {
    const id = request.url?.split('?')[0]?.split('/').at(-1) ?? '';
    const found = objects.get(id);
    const missing = {
      error: { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${id}` },
    };
    response
      .writeHead(found ? 200 : 404, { 'Content-Type': 'application/json', 'Request-Id': 'req_shelf' })
      .end(JSON.stringify(found ?? missing));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The shelf listens on a TCP port.');
  return {
    settings: { secretKey: 'sk_test_credenceshelf', apiBase: `http://127.0.0.1:${String(address.port)}` },
    lay: (...laid) => {
      for (const object of laid) objects.set(object.id, object);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
