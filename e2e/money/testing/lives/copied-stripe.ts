import { type SentEvent } from '../../../../app/modules/payments/testing/driven-inbox';
import { readObject, type StripeSettings } from '../../../../app/modules/stripe/index.server';
import { type RealmReader } from '../../../../app/modules/stripe/index.server';
import { toUnix } from '../../../../app/platform/time';
import { type Reply, serve } from '../../../support/serve';
import { rename } from '../copied-sales';
import { type PlanShop } from '../plan-shop';
import { type Deed, type RecordedEvent, type RecordedLife } from './recorded-life';

/** A recorded life under ids of its own. Its clock says up to which moment it has been lived. */
export class Copy {
  clock = -1;
  /** Answers that get lost on their way here, though what was asked for is done. */
  private lost = 0;
  private readonly done = new Set<Deed>();
  /** Our own rows by those that the recorded objects name, as they are written here. */
  private readonly rows = new Map<string, string>();
  private readonly created = toUnix(new Date());
  private readonly texts = new Map<string, string>();

  constructor(
    readonly life: RecordedLife,
    readonly n: number,
  ) {}

  private renamed(text: string): string {
    return rename(text, this.n);
  }

  as(text: string): string {
    let named = this.renamed(text);
    for (const [recorded, row] of this.rows) named = named.replaceAll(recorded, row);
    return named;
  }

  get customerId(): string {
    return this.as(this.life.customer.id);
  }

  /** What our side is to do before life goes on. */
  get nextDeed(): Deed | undefined {
    return this.life.deeds.find((deed) => !this.done.has(deed));
  }

  /** Life goes on to a moment, as far as nothing is to be done before. */
  reach(moment: number): void {
    this.clock = Math.max(this.clock, Math.min(moment, this.lastFree));
  }

  get lastFree(): number {
    return (this.nextDeed?.moment ?? this.life.moments.length) - 1;
  }

  /** The SDK asks a second time by itself, under the same key: both answers are lost. */
  loseAnswers(): void {
    this.lost = 2;
  }

  keepAnswers(): void {
    this.lost = 0;
  }

  loses(): boolean {
    this.lost -= 1;
    return this.lost >= 0;
  }

  /** Our side has done it. */
  pass(deed: Deed): void {
    this.done.add(deed);
    this.clock = Math.max(this.clock, deed.moment);
  }

  /** Asked for under a row of ours: Stripe does it once, and only what was done in this life. */
  answer(path: string, form: URLSearchParams): Deed['asked'] {
    const row = form.get('metadata[credence_id]') ?? '';
    const known = this.life.deeds.find(
      ({ asked }) => asked && this.rows.get(this.renamed(asked.row)) === row,
    );
    if (known) return known.asked;
    const next = this.nextDeed;
    if (next?.asked?.path !== path) return undefined;
    const fields = Object.entries(next.asked.fields);
    if (fields.some(([field, value]) => form.get(field) !== this.as(value))) return undefined;
    this.rows.set(this.renamed(next.asked.row), row);
    this.pass(next);
    return next.asked;
  }

  event({ id, type, text }: RecordedEvent): SentEvent {
    const body = this.texts.get(id) ?? this.as(text).replace('{"created":0', `{"created":${this.created}`);
    this.texts.set(id, body);
    return { id: this.as(id), type, body };
  }

  get happened(): SentEvent[] {
    return this.life.events.filter(({ moment }) => moment <= this.clock).map((event) => this.event(event));
  }

  /** What a read of a path, as the recorded life has it, shows by now. */
  show(path: string): string | undefined {
    const last = this.life.shown.get(path)?.findLast(({ moment }) => moment <= this.clock);
    return last && this.as(last.text);
  }
}

const SUFFIX = /x(\d+)$/;

/** A Stripe that shows every copied life as far as it has been lived, lists its events and does what our side did in it. */
export async function openCopiedStripe(shop: PlanShop) {
  const copies = new Map<number, Copy>();
  const copyOf = (id: string) => copies.get(Number(SUFFIX.exec(id)?.[1] ?? -1));

  const show = (url: URL): string | undefined => {
    const id = url.searchParams.get('charge') ?? url.pathname.split('/').at(-1) ?? '';
    const path = url.pathname === '/v1/refunds' ? `/v1/refunds?charge=${id}` : url.pathname;
    return copyOf(id)?.show(path.replace(SUFFIX, ''));
  };
  const list = (url: URL): string => {
    const types = new Set(url.searchParams.getAll('types[]'));
    const all = [...copies.values()].flatMap((copy) => copy.happened).reverse();
    const wanted = all.filter(({ type }) => types.has(type));
    const after = wanted.findIndex(({ id }) => id === url.searchParams.get('starting_after')) + 1;
    const page = wanted.slice(after, after + 100);
    const data = page.map(({ body }) => body).join(',');
    return `{"object":"list","url":"/v1/events","has_more":${after + 100 < wanted.length},"data":[${data}]}`;
  };
  const ask = (path: string, form: URLSearchParams): Reply | 'cut' => {
    const copy = copyOf(form.get('payment_intent') ?? form.get('customer') ?? '');
    const asked = copy?.answer(path, form);
    if (copy === undefined || asked === undefined) return inJson(undefined);
    const { status, text } = asked.answer;
    return copy.loses() ? 'cut' : inJson(copy.as(text), status);
  };
  const { url: apiBase, close } = await serve(({ method, url, body }) => {
    if (method === 'POST') return ask(url.pathname, new URLSearchParams(body.toString('utf8')));
    return inJson(url.pathname === '/v1/events' ? list(url) : show(url));
  });
  const settings: StripeSettings = { ...shop.settings, apiBase };
  const reader: RealmReader = { realmId: shop.realm.id, readObject: (ref) => readObject(settings, ref) };
  return {
    settings,
    reader,
    add: (copy: Copy) => copies.set(copy.n, copy),
    forget: (gone: readonly Copy[]) => gone.forEach(({ n }) => copies.delete(n)),
    close,
  };
}
export type CopiedStripe = Awaited<ReturnType<typeof openCopiedStripe>>;

const MISSING =
  '{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such object"}}';

/** No text: there is no such object. */
const inJson = (text: string | undefined, status = 200): Reply => ({
  status: text === undefined ? 404 : status,
  headers: { 'content-type': 'application/json', 'request-id': 'req_copy' },
  body: text ?? MISSING,
});
