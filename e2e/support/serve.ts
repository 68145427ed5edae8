import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Asked {
  method: string;
  url: URL;
  headers: Headers;
  body: Buffer;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * Serves on a free port of this machine; 'cut' ends the connection without an answer. Whoever goes away before all was
 * asked gets none. A fault of `answer` is its asker's 500, so that no test passes over it and no run ends of it.
 */
export async function serve(
  answer: (asked: Asked) => Promise<Reply | 'cut'> | Reply | 'cut',
): Promise<{ url: string; close: () => void }> {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request).catch(() => undefined);
    if (body === undefined) return;
    const reply = await answer({
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '', 'http://127.0.0.1'),
      headers: headersOf(request),
      body,
    });
    if (reply === 'cut') request.socket.destroy();
    else response.writeHead(reply.status, reply.headers).end(reply.body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on a TCP port.');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(request.headersDistinct))
    for (const value of values) headers.append(name, value);
  return headers;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
