import { openApiDocument } from '~/modules/api/index.server';
import { env } from '~/platform/env.server';

/** Open to anyone: what the API is says nothing of who uses it. */
export function loader(): Response {
  return Response.json(openApiDocument(env().APP_URL), {
    headers: { 'Cache-Control': 'public, max-age=300', 'Access-Control-Allow-Origin': '*' },
  });
}
