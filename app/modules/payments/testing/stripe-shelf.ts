import { serve } from '../../../../e2e/support/serve';
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
  const { url: apiBase, close } = await serve(({ url }) => {
    const id = url.pathname.split('/').at(-1) ?? '';
    const found = objects.get(id);
    const missing = {
      error: { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${id}` },
    };
    return {
      status: found ? 200 : 404,
      headers: { 'Content-Type': 'application/json', 'Request-Id': 'req_shelf' },
      body: JSON.stringify(found ?? missing),
    };
  });
  return {
    settings: { secretKey: 'sk_test_credenceshelf', apiBase },
    lay: (...laid) => {
      for (const object of laid) objects.set(object.id, object);
    },
    close,
  };
}
