import { createServer, type IncomingMessage } from 'node:http';

import { receive } from '../../../../app/modules/webhooks/receive.server';
import { type RealmView } from '../../../../app/modules/stripe/shared';
import { type Db } from '../../../../app/platform/db.server';

/** An address that takes deliveries as the app's does: the raw body and its headers to the same door. */
export async function openEndpoint(db: Db, realm: RealmView) {
  let secret = '';
  const server = createServer((request, response) => {
    void read(request).then(async (body) => {
      const said = await receive(
        { db, realm, secrets: [secret], now: new Date() },
        new Request('http://127.0.0.1/webhooks/stripe', {
          method: 'POST',
          body: new Uint8Array(body),
          headers: { 'stripe-signature': String(request.headers['stripe-signature']) },
        }),
      );
      const status = { received: 200, refused: 400, not_stored: 500 }[said.outcome];
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on a TCP port.');
  return {
    url: `http://127.0.0.1:${String(address.port)}/webhooks/stripe`,
    /** The secret that signs from now on. */
    trust: (signing: string) => {
      secret = signing;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
