import * as z from 'zod';

import { type IncidentFile } from '../../../../app/modules/incidents/index.server';
import { seconds } from '../../../../app/platform/time';
import { type Reply, serve } from '../../../support/serve';

type Body = Record<string, unknown>;
interface Shown {
  /** From when on it read so, by the file's clock. */
  atMs: number;
  body: Body;
}

/**
 * A Stripe that shows the objects of an incident as they stood at each of its moments: as events told of them, and those
 * that no event carried as they were read when the file was written.
 */
export async function openIncidentStripe(file: IncidentFile) {
  const shown = historyOf(file);
  const renamed = new Map<string, string>();
  let clock = 0;

  const at = (id: string): Body | undefined => {
    const all = shown.get(id) ?? [];
    return (all.findLast(({ atMs }) => atMs <= clock) ?? all[0])?.body;
  };
  const say = (body: unknown): string => {
    let text = JSON.stringify(body);
    for (const [there, here] of renamed) text = text.replaceAll(there, here);
    return text;
  };
  const refundsOf = (charge: string): Body[] =>
    [...shown].flatMap(([id, all]) => {
      const [first] = all;
      const isIts = first?.body['object'] === 'refund' && first.body['charge'] === charge;
      return isIts && first.atMs <= clock ? [at(id) ?? first.body] : [];
    });
  const read = (url: URL): Body | undefined => {
    const charge = url.searchParams.get('charge');
    if (url.pathname === '/v1/refunds' && charge !== null)
      return { object: 'list', url: '/v1/refunds', has_more: false, data: refundsOf(charge) };
    const body = at(url.pathname.split('/').at(-1) ?? '');
    if (body === undefined) return undefined;
    const last = file.incident.reads.find(({ id }) => id === body['id'])?.body ?? {};
    // How an invoice was paid, and a subscription's invoice as a whole, no event carries.
    if (body['object'] === 'invoice' && body['status'] === 'paid')
      return { payments: last['payments'], ...body };
    const latest = body['latest_invoice'];
    return body['object'] === 'subscription' && typeof latest === 'string'
      ? { ...body, latest_invoice: at(latest) ?? latest }
      : body;
  };
  /** A refund that staff ask for: it is the one that was made then, under the row that asks now. */
  const refund = (form: URLSearchParams): Body | undefined => {
    const row = form.get('metadata[credence_id]') ?? '';
    const asked = file.incident.acts.find((one) => one.act === 'refund' && !renamed.has(one.row));
    if (asked?.act !== 'refund' || String(asked.amount) !== form.get('amount')) return undefined;
    renamed.set(asked.row, row);
    const made = [...shown.values()].find(([one]) => rowOf(one?.body) === asked.row);
    return made?.[0]?.body;
  };
  const { url, close } = await serve(({ method, url: asked, body }) => {
    const found = method === 'POST' ? refund(new URLSearchParams(body.toString('utf8'))) : read(asked);
    return inJson(found && say(found));
  });
  return {
    apiBase: url,
    /** Life has gone on until then, by the file's clock. */
    reach: (atMs: number): void => void (clock = atMs),
    /** A body as it is sent here: what staff ask for stands under another row's id. */
    say,
    close,
  };
}
export type IncidentStripe = Awaited<ReturnType<typeof openIncidentStripe>>;

function historyOf(file: IncidentFile): Map<string, Shown[]> {
  const shown = new Map<string, Shown[]>();
  const add = (id: string, one: Shown) => shown.set(id, [...(shown.get(id) ?? []), one]);
  const arrived = new Map<string, number>();
  for (const { eventId, atMs, nature } of file.deliveries)
    if (nature === 'genuine' && !arrived.has(eventId)) arrived.set(eventId, file.startedMs + atMs);
  // A test clock's events tell of a time to come: they were true when they arrived.
  const told = file.events.map((event, n) => {
    const made = seconds(event.created);
    return { n, object: event.object, atMs: Math.min(made, arrived.get(event.id) ?? made) };
  });
  for (const { object, atMs } of told.sort((one, other) => one.atMs - other.atMs || one.n - other.n)) {
    const id = idOf(object);
    // That it is there at all was true before anybody spoke of it.
    const isFirst = !shown.has(id);
    add(id, { atMs: isFirst ? Math.min(atMs, createdOf(object) ?? atMs) : atMs, body: object });
  }
  for (const { object, id, body } of file.incident.reads) {
    if (object !== 'charge.refunds') {
      if (!shown.has(id)) add(id, { atMs: createdOf(body) ?? 0, body });
      continue;
    }
    for (const refund of refunds.parse(body).data)
      if (!shown.has(refund.id)) add(refund.id, { atMs: seconds(refund.created), body: refund });
  }
  return shown;
}

const refunds = z.object({ data: z.array(z.looseObject({ id: z.string(), created: z.number() })) });
const idOf = (body: Body): string => z.string().parse(body['id'] ?? '');
function createdOf(body: Body): number | undefined {
  const { created } = body;
  return typeof created === 'number' ? seconds(created) : undefined;
}
const metadata = z.object({ metadata: z.object({ credence_id: z.string() }) });
const rowOf = (body: Body | undefined): string | undefined =>
  metadata.safeParse(body).data?.metadata.credence_id;

const MISSING =
  '{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such object"}}';
const inJson = (text: string | undefined): Reply => ({
  status: text === undefined ? 404 : 200,
  headers: { 'content-type': 'application/json', 'request-id': 'req_incident' },
  body: text ?? MISSING,
});
