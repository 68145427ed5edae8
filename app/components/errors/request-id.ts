import { useRouteLoaderData } from '@remix-run/react';

let latest: string | undefined;

/** The browser keeps the number of the last answer to a loader or action, so that an error page can name it. */
export function rememberRequestIds(): void {
  const fetchOfBrowser = window.fetch;
  window.fetch = async (...args) => {
    const response = await fetchOfBrowser(...args);
    if (new URL(response.url, window.location.href).pathname.endsWith('.data')) {
      latest = response.headers.get('x-request-id') ?? undefined;
    }
    return response;
  };
}

/** The number of the request that brought what is on the screen: the latest by fetch, else the document's. */
export function useRequestId(): string | undefined {
  const root: unknown = useRouteLoaderData('root');
  if (latest !== undefined) return latest;
  if (typeof root !== 'object' || root === null || !('requestId' in root)) return undefined;
  return typeof root.requestId === 'string' ? root.requestId : undefined;
}
