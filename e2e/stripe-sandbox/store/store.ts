import type Stripe from 'stripe';
import { settingsRecordSchema } from '../settings';
import { Collection, type IndexSpec } from './collection';
import { lockFolder } from './folder-lock';
import { Journal, type JournalEntry } from './journal';
import * as records from './records';
import type * as z from 'zod';

const idOf = (reference: string | { id: string } | null | undefined): string | undefined =>
  typeof reference === 'string' ? reference : reference?.id;

/** Every collection of the sandbox. A new resource is one line here. */
function openCollections(onChange: (collection: string, id: string) => void) {
  const open = <T extends { id: string }>(name: string, schema: z.ZodType<T>, spec: IndexSpec<T> = {}) =>
    new Collection(name, schema, spec, onChange);
  return {
    accounts: open('accounts', records.stripeObject<Stripe.Account>('account')),
    settings: open('settings', settingsRecordSchema),
    products: open('products', records.stripeObject<Stripe.Product>('product')),
    prices: open('prices', records.stripeObject<Stripe.Price>('price'), {
      product: (price) => idOf(price.product),
      lookup_key: (price) => price.lookup_key ?? undefined,
    }),
    priceCurrencies: open('priceCurrencies', records.priceCurrenciesSchema),
    customers: open('customers', records.stripeObject<Stripe.Customer>('customer'), {
      email: (customer) => customer.email ?? undefined,
      test_clock: (customer) => idOf(customer.test_clock),
    }),
    deletedCustomers: open('deletedCustomers', records.stripeObject<Stripe.DeletedCustomer>('customer')),
    paymentMethods: open('paymentMethods', records.stripeObject<Stripe.PaymentMethod>('payment_method'), {
      customer: (method) => idOf(method.customer),
    }),
    cards: open('cards', records.cardSecretSchema),
    bankAccounts: open('bankAccounts', records.bankSecretSchema),
    methodStates: open('methodStates', records.methodStateSchema),
    mandates: open('mandates', records.stripeObject<Stripe.Mandate>('mandate'), {
      payment_method: (mandate) => idOf(mandate.payment_method),
    }),
    paymentIntents: open('paymentIntents', records.stripeObject<Stripe.PaymentIntent>('payment_intent'), {
      customer: (intent) => idOf(intent.customer),
    }),
    charges: open('charges', records.stripeObject<Stripe.Charge>('charge'), {
      payment_intent: (charge) => idOf(charge.payment_intent),
      customer: (charge) => idOf(charge.customer),
    }),
    balanceTransactions: open(
      'balanceTransactions',
      records.stripeObject<Stripe.BalanceTransaction>('balance_transaction'),
      { source: (transaction) => idOf(transaction.source) },
    ),
    sessions: open('sessions', records.stripeObject<Stripe.Checkout.Session>('checkout.session'), {
      payment_intent: (session) => idOf(session.payment_intent),
      customer: (session) => idOf(session.customer),
      setup_intent: (session) => idOf(session.setup_intent),
    }),
    sessionLines: open('sessionLines', records.sessionLinesSchema),
    sessionPlans: open('sessionPlans', records.sessionPlanSchema, {
      intent: (plan) => plan.intent ?? undefined,
      recovery: (plan) => plan.recoveryToken ?? undefined,
    }),
    lineBreakdowns: open('lineBreakdowns', records.lineBreakdownSchema),
    invoices: open('invoices', records.stripeObject<Stripe.Invoice>('invoice'), {
      customer: (invoice) => idOf(invoice.customer),
      subscription: (invoice) => idOf(invoice.parent?.subscription_details?.subscription),
    }),
    invoicePayments: open('invoicePayments', records.stripeObject<Stripe.InvoicePayment>('invoice_payment'), {
      invoice: (payment) => idOf(payment.invoice),
      payment_intent: (payment) => idOf(payment.payment.payment_intent),
    }),
    refunds: open('refunds', records.stripeObject<Stripe.Refund>('refund'), {
      charge: (refund) => idOf(refund.charge),
      payment_intent: (refund) => idOf(refund.payment_intent),
    }),
    disputes: open('disputes', records.stripeObject<Stripe.Dispute>('dispute'), {
      charge: (dispute) => idOf(dispute.charge),
      payment_intent: (dispute) => idOf(dispute.payment_intent),
    }),
    earlyFraudWarnings: open(
      'earlyFraudWarnings',
      records.stripeObject<Stripe.Radar.EarlyFraudWarning>('radar.early_fraud_warning'),
      {
        charge: (warning) => idOf(warning.charge),
        payment_intent: (warning) => idOf(warning.payment_intent),
      },
    ),
    setupIntents: open('setupIntents', records.stripeObject<Stripe.SetupIntent>('setup_intent'), {
      customer: (intent) => idOf(intent.customer),
    }),
    coupons: open('coupons', records.stripeObject<Stripe.Coupon>('coupon')),
    /** Whole: discounts that came from them go on. */
    deletedCoupons: open('deletedCoupons', records.stripeObject<Stripe.Coupon>('coupon')),
    promotionCodes: open('promotionCodes', records.stripeObject<Stripe.PromotionCode>('promotion_code'), {
      code: (promotion) => promotion.code.toLowerCase(),
    }),
    discounts: open('discounts', records.stripeObject<Stripe.Discount>('discount')),
    invoiceItems: open('invoiceItems', records.stripeObject<Stripe.InvoiceItem>('invoiceitem'), {
      customer: (item) => idOf(item.customer),
      invoice: (item) => idOf(item.invoice),
    }),
    /** Their items are inside. */
    subscriptions: open('subscriptions', records.stripeObject<Stripe.Subscription>('subscription'), {
      customer: (subscription) => idOf(subscription.customer),
      latest_invoice: (subscription) => idOf(subscription.latest_invoice),
    }),
    testClocks: open(
      'testClocks',
      records.stripeObject<Stripe.TestHelpers.TestClock>('test_helpers.test_clock'),
    ),
    portalConfigurations: open(
      'portalConfigurations',
      records.stripeObject<Stripe.BillingPortal.Configuration>('billing_portal.configuration'),
    ),
    portalSessions: open(
      'portalSessions',
      records.stripeObject<Stripe.BillingPortal.Session>('billing_portal.session'),
      { token: (session) => session.url.slice(session.url.lastIndexOf('/') + 1) },
    ),
    portalVisits: open('portalVisits', records.portalVisitSchema),
    papers: open('papers', records.paperSchema, { subject: (paper) => paper.subject }),
    events: open('events', records.eventRecordSchema, {
      type: (event) => event.type,
      object: (event) => event.object.id,
      request: (event) => event.request.id ?? undefined,
    }),
    endpoints: open('endpoints', records.stripeObject<Stripe.WebhookEndpoint>('webhook_endpoint')),
    endpointSecrets: open('endpointSecrets', records.endpointSecretSchema),
    endpointHealth: open('endpointHealth', records.endpointHealthSchema),
    runs: open('runs', records.runSchema),
    mischief: open('mischief', records.mischiefSchema, { run: ({ run }) => String(run) }),
    deliveries: open('deliveries', records.deliveryRecordSchema, {
      event: (delivery) => delivery.eventId,
      endpoint: (delivery) => delivery.endpointId,
      status: (delivery) => delivery.status,
      run: ({ run }) => (run === 0 ? undefined : String(run)),
    }),
    savedAnswers: open('savedAnswers', records.savedAnswerSchema),
    tasks: open('tasks', records.taskSchema, { clock: (task) => task.clock ?? undefined }),
    mail: open('mail', records.mailRecordSchema),
  };
}

type Collections = ReturnType<typeof openCollections>;
export type Store = Collections & {
  /** Writes the act's changes to the journal; called once at the end of every act, before its answer leaves. */
  save(): void;
  /** The same where nobody waits for an answer: what cannot be written is said, and written by a later save. */
  saveLate(): void;
  /** Whether an object of any kind has the id. */
  holds(id: string): boolean;
  /** Forgets everything but the account, the settings and the webhook endpoints. */
  reset(): void;
  close(): void;
};

/** Events stay as they were sent: with text. */
const HAVE_DECIMALS = new Set(['prices', 'sessionLines', 'invoices', 'invoiceItems', 'subscriptions']);
const KEPT_BY_RESET = new Set(['accounts', 'settings', 'endpoints', 'endpointSecrets']);

/** Opens the state in `folder`, or a state that lives only as long as the process. */
export async function openStore(folder: string | undefined): Promise<Store> {
  const changed = new Map<string, [string, string]>();
  let recording = false;
  const collections = openCollections((collection, id) => {
    if (recording) changed.set(`${collection}/${id}`, [collection, id]);
  });
  const byName = new Map(Object.values(collections).map((collection) => [collection.name, collection]));
  const journal = folder === undefined ? undefined : new Journal(folder);
  const lock = folder === undefined ? undefined : await lockFolder(folder);
  await journal
    ?.replay(([name, id, row]) => {
      const collection = byName.get(name);
      if (!collection) throw new Error(`There is no collection ${name}.`);
      if (row === null) collection.delete(id);
      else collection.restore(HAVE_DECIMALS.has(name) ? records.withDecimals(row) : row);
    })
    .catch((error: unknown) => {
      lock?.release();
      throw error;
    });
  recording = true;

  const rowOf = ([name, id]: [string, string]): JournalEntry => [name, id, byName.get(name)?.get(id) ?? null];
  function* allRows(): Iterable<JournalEntry> {
    for (const collection of byName.values())
      for (const row of collection.all()) yield [collection.name, row.id, row];
  }
  function save(): void {
    if (changed.size === 0) return;
    // What could not be written waits for the next save.
    journal?.append([...changed.values()].map(rowOf));
    changed.clear();
    if (journal?.isBloated()) journal.compact(allRows());
  }
  function saveLate(): void {
    try {
      save();
    } catch (error) {
      process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  return {
    ...collections,
    save,
    saveLate,
    holds: (id) => [...byName.values()].some((collection) => collection.get(id) !== undefined),
    reset() {
      for (const collection of byName.values()) if (!KEPT_BY_RESET.has(collection.name)) collection.clear();
      changed.clear();
      journal?.compact(allRows());
    },
    close() {
      saveLate();
      journal?.close();
      lock?.release();
    },
  };
}
