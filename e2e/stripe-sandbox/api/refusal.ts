import type Stripe from 'stripe';

export interface RefusalBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  charge?: string;
  decline_code?: string;
  advice_code?: string;
  network_decline_code?: string;
  payment_intent?: Stripe.PaymentIntent;
  payment_method?: Stripe.PaymentMethod;
}

/** An error answer of the API. `isFinal`: the endpoint had begun to act, so an idempotency key remembers it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: RefusalBody,
    readonly options: { isFinal?: boolean; headers?: Record<string, string> } = {},
  ) {
    super(body.message);
  }
}

interface InvalidOptions {
  code?: string;
  param?: string;
  status?: number;
}

export function invalid(message: string, { code, param, status = 400 }: InvalidOptions = {}): Refusal {
  const detail = { ...(code !== undefined && { code }), ...(param !== undefined && { param }) };
  return new Refusal(status, { type: 'invalid_request_error', message, ...detail });
}

/** The object of the path is not there: 404. */
export function missingObject(noun: string, id: string): Refusal {
  return invalid(`No such ${noun}: '${id}'`, { code: 'resource_missing', param: 'id', status: 404 });
}

/** The object that a parameter names is not there: 400. */
export function missingReference(noun: string, id: string, param: string): Refusal {
  return invalid(`No such ${noun}: '${id}'`, { code: 'resource_missing', param });
}

/** A known thing of Stripe that this sandbox does not play. */
export function notPlayed(what: string, param: string): Refusal {
  return invalid(`The sandbox does not play ${what}.`, { code: 'parameter_invalid', param });
}

/** A request that the object's state does not allow. */
export function conflict(
  message: string,
  code: string | undefined,
  more: Partial<RefusalBody> = {},
): Refusal {
  const body = {
    type: 'invalid_request_error' as const,
    message,
    ...(code !== undefined && { code }),
    ...more,
  };
  return new Refusal(400, body, { isFinal: true });
}

/** The wire form: keys sorted, with the links that Stripe adds. */
export function renderRefusal(refusal: Refusal, requestId: string, now: number): string {
  const { code } = refusal.body;
  const error = {
    ...refusal.body,
    ...(code !== undefined && {
      doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
    }),
    request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}?t=${now}`,
  };
  const sorted = Object.fromEntries(Object.entries(error).sort(([left], [right]) => (left < right ? -1 : 1)));
  return JSON.stringify({ error: sorted }, null, 2);
}
