import http from 'node:http';

/**
 * A Stripe-shaped server of so many paid PaymentIntents, made up as they are asked for, and of nothing else:
 * `node --import tsx e2e/bench/reconcile-stripe.ts PORT COUNT FROM SPAN`, times in seconds. It is a load, not a Stripe: what
 * it answers is as large as Stripe's, and says what our rows say.
 */
const [port = 0, count = 0, from = 0, span = 1] = process.argv.slice(2).map(Number);

const createdOf = (index: number) => from + Math.floor((index * span) / count);
/** The first index that was made at this time or later. */
const firstAt = (at: number) => Math.max(0, Math.min(count, Math.ceil(((at - from) * count) / span)));

const intent = (index: number) => ({
  ...{ id: `pi_bench${index}`, object: 'payment_intent', amount: 2000, amount_capturable: 0 },
  ...{ amount_details: { tip: {} }, amount_received: 2000, application: null, application_fee_amount: null },
  ...{
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
  },
  ...{ client_secret: `pi_bench${index}_secret_0123456789abcdef`, confirmation_method: 'automatic' },
  ...{ created: createdOf(index), currency: 'usd', customer: `cus_bench${index % 1000}`, description: null },
  ...{
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: `ch_bench${index}`,
    livemode: false,
  },
  metadata: {
    credence_realm: 'rlm_bench',
    credence_payment: `pay_bench${index}`,
    credence_customer: 'cst_bench',
    credence_id: `pay_bench${index}`,
  },
  ...{ next_action: null, on_behalf_of: null, payment_method: `pm_bench${index}` },
  ...{ payment_method_configuration_details: null, payment_method_types: ['card', 'link'], processing: null },
  payment_method_options: {
    card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    link: { persistent_token: null },
  },
  ...{ receipt_email: null, review: null, setup_future_usage: null, shipping: null, source: null },
  ...{ statement_descriptor: null, statement_descriptor_suffix: null, status: 'succeeded' },
  ...{ transfer_data: null, transfer_group: null },
});

function page(url: URL): object {
  const query = url.searchParams;
  const limit = Number(query.get('limit') ?? 10);
  const first = firstAt(Number(query.get('created[gte]') ?? 0));
  const before = firstAt(Number(query.get('created[lt]') ?? Number.MAX_SAFE_INTEGER));
  const after = query.get('starting_after');
  const newest = after === null ? before - 1 : Number(after.replace('pi_bench', '')) - 1;
  const length =
    url.pathname === '/v1/payment_intents' ? Math.max(0, Math.min(limit, newest - first + 1)) : 0;
  const data = Array.from({ length }, (_, place) => intent(newest - place));
  return { object: 'list', data, has_more: newest - length >= first && length > 0, url: url.pathname };
}

http
  .createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(page(new URL(request.url ?? '/', 'http://127.0.0.1'))));
  })
  .listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
