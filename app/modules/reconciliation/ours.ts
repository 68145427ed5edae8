import { type OurMoneyBack, type OurPayment, type OurSubscription } from './load-ours.server';

interface Loaded {
  realmId: string;
  /** The oldest first: where several are linked to one object, the first is its own. */
  payments: readonly OurPayment[];
  backs: readonly OurMoneyBack[];
  subscriptions: readonly OurSubscription[];
  /** Stripe customer → customer. */
  customers: ReadonlyMap<string, string>;
}

type Link = 'id' | 'moneyObject' | 'session' | 'intent' | 'charge' | 'invoice';

/** Our rows about a page of Stripe's objects, by every id that leads to them. */
export class Ours {
  readonly realmId: string;
  readonly #payments: Readonly<Record<Link, ReadonlyMap<string, OurPayment>>>;
  readonly #backs: ReadonlyMap<string, OurMoneyBack>;
  readonly #subscriptions: ReadonlyMap<string, OurSubscription>;
  readonly #customers: ReadonlyMap<string, string>;

  constructor({ realmId, payments, backs, subscriptions, customers }: Loaded) {
    this.realmId = realmId;
    this.#payments = {
      id: by(payments, 'id'),
      moneyObject: by(payments, 'moneyObject'),
      session: by(payments, 'session'),
      intent: by(payments, 'intent'),
      charge: by(payments, 'charge'),
      invoice: by(payments, 'invoice'),
    };
    this.#backs = new Map(
      backs.flatMap((back) => [[back.id, back] as const, [back.stripeId ?? back.id, back] as const]),
    );
    this.#subscriptions = new Map(subscriptions.map((row) => [row.stripeId, row]));
    this.#customers = customers;
  }

  /** The payment that an id leads to, by the first of these links that has one. */
  payment(id: string | undefined, ...links: readonly Link[]): OurPayment | undefined {
    if (id === undefined) return undefined;
    for (const link of links) {
      const found = this.#payments[link].get(id);
      if (found) return found;
    }
    return undefined;
  }

  /** A refund or a dispute by Stripe's id, or the row that its metadata names as long as that waits for its object. */
  moneyBack(stripeId: string, named: string | undefined): OurMoneyBack | undefined {
    const known = this.#backs.get(stripeId);
    if (known) return known;
    const row = named === undefined ? undefined : this.#backs.get(named);
    return row?.stripeId === null ? row : undefined;
  }

  subscription(stripeId: string | undefined): OurSubscription | undefined {
    return stripeId === undefined ? undefined : this.#subscriptions.get(stripeId);
  }

  customer(stripeCustomer: string | undefined): string | undefined {
    return stripeCustomer === undefined ? undefined : this.#customers.get(stripeCustomer);
  }

  /** Made for another realm by its metadata. */
  isOfOther(realm: string | undefined): boolean {
    return realm !== undefined && realm !== this.realmId;
  }
}

function by(payments: readonly OurPayment[], link: Link): ReadonlyMap<string, OurPayment> {
  const map = new Map<string, OurPayment>();
  for (const payment of payments) {
    const id = payment[link];
    if (id !== null && !map.has(id)) map.set(id, payment);
  }
  return map;
}
