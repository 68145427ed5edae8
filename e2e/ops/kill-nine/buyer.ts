import * as z from 'zod';

import { waitFor } from './wait-for';

export interface Shop {
  /** Where the web processes listen. */
  webs: readonly string[];
  /** The origin of the pages, whichever process serves them. */
  origin: string;
  sandbox: string;
}

/** A customer's browser: it keeps its cookie, sends its form's origin, and tries again what got no answer. */
export class Buyer {
  private cookie = '';
  private turn = 0;

  constructor(
    private readonly shop: Shop,
    private readonly email: string,
    private readonly password: string,
  ) {}

  async logIn(): Promise<void> {
    const form = { email: this.email, password: this.password };
    const answer = await this.post('/log-in', form, (response) => response.status === 303);
    this.cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    if (this.cookie === '') throw new Error(`${this.email} got no session.`);
  }

  /** Chooses a pack and pays on the page that this leads to. The session that was paid. */
  async buy(pack: string): Promise<string> {
    const answer = await this.post('/?index', { pack, quantity: '1' }, isSentOn);
    const sessionId = sessionOf(answer);
    const paid = await fetch(`${this.shop.sandbox}/_control/sessions/${sessionId}/pay`, { method: 'POST' });
    const { outcome } = z.object({ outcome: z.string() }).parse(await paid.json());
    if (outcome !== 'paid') throw new Error(`${sessionId} was not paid: ${outcome}`);
    return sessionId;
  }

  /** Sends a form to one web process, to the other when the first does not take it, until one does. */
  private async post(
    path: string,
    form: Record<string, string>,
    isTaken: (response: Response) => boolean,
  ): Promise<Response> {
    const tries: string[] = [];
    const taken = await waitFor(
      async () => {
        const web = this.shop.webs[this.turn++ % this.shop.webs.length] ?? '';
        try {
          const response = await this.send(`${web}${path}`, form);
          await response.arrayBuffer();
          if (isTaken(response)) return response;
          tries.push(String(response.status));
          if (response.status < 500)
            throw new Refused(`${this.email}: ${path} was answered ${tries.join(', ')}`);
        } catch (error) {
          if (error instanceof Refused) throw error;
          tries.push(String(error));
        }
        return undefined;
      },
      {
        withinMs: 120_000,
        what: () => `an answer to ${path} for ${this.email}, who got: ${tries.join(', ')}`,
      },
    );
    return taken;
  }

  private send(url: string, form: Record<string, string>): Promise<Response> {
    return fetch(url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(form),
      headers: { origin: this.shop.origin, cookie: this.cookie, 'x-forwarded-for': nextAddress() },
      signal: AbortSignal.timeout(30_000),
    });
  }
}

/** An answer that stays the same however often it is asked for. */
class Refused extends Error {}

const isSentOn = (response: Response) =>
  response.status === 303 && (response.headers.get('location') ?? '').includes('/cs_');

function sessionOf(response: Response): string {
  const id = /cs_(?:test|live)_\w+/.exec(response.headers.get('location') ?? '')?.[0];
  if (id === undefined) throw new Error(`${response.headers.get('location')} names no session.`);
  return id;
}

let addresses = 0;

/** Each request comes from a network of its own, past the limit that each network has. */
function nextAddress(): string {
  addresses += 1;
  return `198.18.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`;
}
