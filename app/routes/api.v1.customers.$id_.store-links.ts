import { type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';

import { serveApi } from '~/modules/api/index.server';

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  return serveApi(args, '/customers/{id}/store-links');
}

export async function action(args: ActionFunctionArgs): Promise<Response> {
  return serveApi(args, '/customers/{id}/store-links');
}
