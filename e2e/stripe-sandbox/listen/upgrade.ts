import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ListenHub } from './listen-hub';

const PATH = '/stripecli_ws';

/**
 * Gives a WebSocket of Stripe's CLI to the session that it names. `ws` is loaded when the first one comes: who never
 * uses `stripe listen` needs it not.
 */
export async function acceptListener(
  hubs: readonly ListenHub[],
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const id = [request.headers['websocket-id']].flat()[0] ?? '';
  const hub = hubs.find((candidate) => candidate.has(id));
  if (url.pathname !== PATH || !hub) {
    refuse(socket, url.pathname === PATH ? 'Unknown WebSocket ID.' : 'Nothing is here.');
    return;
  }
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({ noServer: true, handleProtocols: ([first]) => first ?? false });
  server.handleUpgrade(request, socket, head, (client) => {
    if (!hub.attach(id, url.searchParams.get('websocket_feature'), client)) client.terminate();
  });
}

function refuse(socket: Duplex, message: string): void {
  const body = JSON.stringify({ error: { message } });
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
