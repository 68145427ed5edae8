import { drainOfResponse } from './response-drain.server';

/**
 * Text as a stream, a piece at a time until its end or until the reader is gone. Remix writes each piece without waiting for
 * the network, so the next one is made only once the response has room: a slow reader costs a few pieces, not the file. Nor does
 * Remix cancel the stream, so only the signal of the request ends the reading early.
 */
export function streamText(source: AsyncGenerator<string>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const drain = drainOfResponse();
  return new ReadableStream({
    async pull(controller) {
      await drain();
      if (signal.aborted) await source.return(undefined);
      const next = await source.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await source.return(undefined);
    },
  });
}

const TYPE = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const;
export type DownloadFormat = keyof typeof TYPE;

/** A file that the browser saves under `name` with the ending of its format. */
export function download(
  body: ReadableStream<Uint8Array>,
  { name, format }: { name: string; format: DownloadFormat },
): Response {
  return new Response(body, {
    headers: {
      'Content-Type': TYPE[format],
      'Content-Disposition': `attachment; filename="${name}.${format}"`,
      'Cache-Control': 'no-store',
    },
  });
}
