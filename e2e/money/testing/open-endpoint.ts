import { receive } from '../../../app/modules/webhooks/receive.server';
import { type RealmView } from '../../../app/modules/stripe/shared';
import { type Db } from '../../../app/platform/db.server';
import { serve } from '../../support/serve';

const STATUS = { received: 200, probed: 400, realm_unknown: 503, not_stored: 500 };

/** An address that takes deliveries as the app's does: the raw body and its headers to the same door. */
export async function openEndpoint(db: Db, realm: RealmView) {
  const secrets: string[] = [];
  const { url: origin, close } = await serve(async ({ url, headers, body }) => {
    const request = new Request(url, { method: 'POST', headers, body: new Uint8Array(body) });
    const said = await receive({ db, endpoints: [{ realm, secrets }], now: new Date() }, request);
    return { status: said.outcome === 'refused' ? said.status : STATUS[said.outcome] };
  });
  return {
    url: `${origin}/webhooks/stripe`,
    /** One more secret whose signatures are believed. */
    trust: (signing: string) => void secrets.push(signing),
    close,
  };
}
