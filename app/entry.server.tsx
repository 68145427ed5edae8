import { PassThrough } from 'node:stream';
import {
  type ActionFunctionArgs,
  createReadableStreamFromReadable,
  type EntryContext,
  type LoaderFunctionArgs,
} from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';
import { Nonce } from '~/components/shell/nonce';
import { startAlertWatch } from '~/modules/alerts/index.server';
import { outboxRules } from '~/modules/outbox/index.server';
import { closeDbAtEnd } from '~/platform/db-end.server';
import { db } from '~/platform/db.server';
import { env } from '~/platform/env.server';
import { log } from '~/platform/log.server';
import { measureEveryRequest } from '~/platform/measure-requests.server';
import { nonceOf, prepareEveryRequest, requestIdOf } from '~/platform/request-id.server';
import { seconds } from '~/platform/time';
import { patternOf } from './route-table.server';

// Settings that may not stand, such as a demo in a container that refuses it, end the process before it listens.
env();
prepareEveryRequest();
measureEveryRequest((path) => patternOf()(path));
startAlertWatch(() => ({ db: db(), appUrl: env().APP_URL, rules: outboxRules() }));
closeDbAtEnd();

/** Deferred loader data that has not come by then is rendered as its error. */
export const streamTimeout = seconds(5);

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  const nonce = nonceOf(request);
  // Crawlers run no scripts: they get the whole page at once.
  const readyEvent = isbot(request.headers.get('user-agent') ?? '') ? 'onAllReady' : 'onShellReady';
  return new Promise((resolve, reject) => {
    let isShellSent = false;
    let answered = status;
    const { pipe, abort } = renderToPipeableStream(
      <Nonce.Provider value={nonce}>
        <RemixServer context={remixContext} url={request.url} nonce={nonce} />
      </Nonce.Provider>,
      {
        nonce,
        [readyEvent]: () => {
          isShellSent = true;
          const body = new PassThrough();
          headers.set('Content-Type', 'text/html; charset=utf-8');
          if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'private, no-store');
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: answered }));
          pipe(body);
        },
        onShellError: (error: unknown) => reject(error),
        onError: (error: unknown) => {
          answered = 500;
          if (isShellSent) logFailure(request, error);
        },
      },
    );
    setTimeout(abort, streamTimeout + seconds(1)).unref();
  });
}

export function handleError(error: unknown, { request }: LoaderFunctionArgs | ActionFunctionArgs): void {
  // A visitor who left is no fault.
  if (!request.signal.aborted) logFailure(request, error);
}

function logFailure(request: Request, error: unknown): void {
  log.error('request failed', {
    requestId: requestIdOf(request),
    method: request.method,
    path: new URL(request.url).pathname,
    err: error,
  });
}
