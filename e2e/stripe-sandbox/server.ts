import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { acceptListener } from './listen/upgrade';
import type { RunningMode, RunningSandbox } from './create-sandbox';
import { modeCookie, modeOfPage } from './pages/mode';
import { handlePage } from './pages';
import { parseUrl } from './parse-url';

interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const LARGEST_BODY = 10 * 1024 * 1024;
const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' };
const TEXT_TYPE = { 'Content-Type': 'text/plain; charset=utf-8' };
const LOCAL_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** One port for the API, the hosted pages, the panel and the controls. */
export function createSandboxServer(running: RunningSandbox): Server {
  const server = createServer((request, response) => {
    void answer(running, request).then(
      (reply) => (reply === null ? request.socket.destroy() : send(response, reply)),
      (error: unknown) => {
        // Who asked went away before the whole request was here.
        if (request.destroyed && !request.complete) return;
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        process.stderr.write(`sandbox: ${request.method} ${request.url} failed: ${message}\n`);
        send(response, { status: 500, headers: { 'Content-Type': 'text/plain' }, body: 'Internal error' });
      },
    );
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    acceptListener(running.listeners(), request, socket, head).catch((error: unknown) => {
      process.stderr.write(`sandbox: a WebSocket failed: ${String(error)}\n`);
      socket.destroy();
    });
  });
  return server;
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

/** null: the connection is cut without an answer. */
async function answer(running: RunningSandbox, request: IncomingMessage): Promise<Reply | null> {
  const method = request.method ?? 'GET';
  const url = addressOf(request);
  if (url === null) return { status: 400, headers: TEXT_TYPE, body: 'This is no address.\n' };
  const body = await readBody(request);
  if (body === null) return tooLarge(url.pathname);
  if (url.pathname.startsWith('/v1/')) {
    const header = (name: string): string | undefined => [request.headers[name]].flat()[0];
    return running.api({ method, path: url.pathname, query: url.search.slice(1), body, header });
  }
  if (url.pathname === '/healthz') return { status: 200, headers: JSON_TYPE, body: '{"status":"ok"}' };
  if (url.pathname === '/_control' || url.pathname.startsWith('/_control/')) {
    return answerControl(running, request, { method, url, body });
  }
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const form = new URLSearchParams(isForm ? body : '');
  const chosen = modeCookie(running, url);
  if (chosen) return { status: 303, headers: chosen, body: '' };
  const mode = modeOfPage(running.accountOfPage(url.pathname), url.pathname, request.headers.cookie);
  const page = await handlePage(mode.sandbox, {
    method,
    path: url.pathname,
    query: url.searchParams,
    form,
    origin: url.origin,
  });
  if (page) return { status: page.status, headers: page.headers ?? {}, body: page.body };
  if (url.pathname === '/') return { status: 302, headers: { Location: '/panel' }, body: '' };
  return { status: 404, headers: TEXT_TYPE, body: 'Nothing is here.\n' };
}

/** Where the request goes as its sender sees it; null: its address or its host is none. */
function addressOf({ url = '/', headers }: IncomingMessage): URL | null {
  const address = url.startsWith('/') ? `http://${headers.host ?? '127.0.0.1'}${url}` : url;
  return parseUrl(address) ?? null;
}

function tooLarge(path: string): Reply {
  const message = `The request is larger than ${LARGEST_BODY} bytes.`;
  const error = { message, type: 'invalid_request_error' };
  const body = path.startsWith('/v1/') ? JSON.stringify({ error }, null, 2) : message;
  const type = path.startsWith('/v1/') ? JSON_TYPE : TEXT_TYPE;
  return { status: 413, headers: type, body };
}

/** Only this machine may turn the controls, and no web page may do it through a visitor's browser. */
async function answerControl(
  running: RunningSandbox,
  request: IncomingMessage,
  { method, url, body }: { method: string; url: URL; body: string },
): Promise<Reply> {
  const isLocal = LOCAL_ADDRESSES.has(request.socket.remoteAddress ?? '');
  const origin = request.headers.origin;
  if (!isLocal || (origin !== undefined && origin !== url.origin)) {
    return { status: 403, headers: JSON_TYPE, body: '{"error":"Controls are for this machine only."}' };
  }
  const { mode, path } = controlled(running, url.pathname.slice('/_control'.length));
  if (mode === null) return { status: 404, headers: JSON_TYPE, body: '{"error":"No live mode is played."}' };
  const { status, body: found } = await mode.control.handle({
    method,
    path,
    query: url.searchParams,
    body,
  });
  return { status, headers: JSON_TYPE, body: JSON.stringify(found, null, 2) };
}

/** `/_control/live/…` turns the live mode's controls, `/_control/…` the test mode's. */
function controlled(running: RunningSandbox, path: string): { mode: RunningMode | null; path: string } {
  const isLive = path === '/live' || path.startsWith('/live/');
  return isLive ? { mode: running.live, path: path.slice('/live'.length) } : { mode: running.test, path };
}

/** null: it is larger than a request may be. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size > LARGEST_BODY ? null : Buffer.concat(chunks).toString('utf8');
}
