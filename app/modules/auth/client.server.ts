import { clientAddressOf } from '~/platform/request-id.server';

/** Who asks, as far as a request shows: for rate limits and the list of log-ins. */
export interface Client {
  ip: string;
  userAgent: string | undefined;
}

export function clientOf(request: Request): Client {
  return {
    ip: clientAddressOf(request),
    userAgent: request.headers.get('user-agent')?.slice(0, 300) ?? undefined,
  };
}
