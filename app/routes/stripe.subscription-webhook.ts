import { type ActionFunctionArgs } from '@remix-run/node';

import { methodNotAllowed, receiveDelivery } from '~/modules/webhooks/index.server';

export function loader(): Response {
  return methodNotAllowed();
}

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  return receiveDelivery(request);
}
