import type Stripe from 'stripe';
import type { World } from '../engine/world';

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
  setup_intent?: Stripe.SetupIntent;
}

interface RefusalOptions {
  /** The endpoint had begun to act, so an idempotency key remembers it. */
  isFinal?: boolean;
  headers?: Record<string, string>;
  /** The id that was not found; the account's other mode may hold it. */
  missing?: string;
}

/** An error answer of the API. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: RefusalBody,
    readonly options: RefusalOptions = {},
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

export function missingParam(param: string): Refusal {
  return invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

/** The object of the path is not there: 404. */
export function missingObject(noun: string, id: string): Refusal {
  return missing(404, noun, id, 'id');
}

/** The object that a parameter names is not there: 400. */
export function missingReference(noun: string, id: string, param: string): Refusal {
  return missing(400, noun, id, param);
}

function missing(status: number, noun: string, id: string, param: string): Refusal {
  const message = `No such ${noun}: '${id}'`;
  return new Refusal(
    status,
    { type: 'invalid_request_error', message, code: 'resource_missing', param },
    { missing: id },
  );
}

/** Says that the account's other mode holds what was not found, as Stripe does. */
export function explainMode(refusal: Refusal, livemode: boolean): Refusal {
  const [there, used] = livemode ? ['test', 'live'] : ['live', 'test'];
  const message = `${refusal.body.message}; a similar object exists in ${there} mode, but a ${used} mode key was used to make this request.`;
  return new Refusal(refusal.status, { ...refusal.body, message }, refusal.options);
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
export function renderRefusal(
  refusal: Refusal,
  requestId: string,
  world: Pick<World, 'livemode' | 'now'>,
): string {
  const { code } = refusal.body;
  const error = {
    ...refusal.body,
    ...(code !== undefined && {
      doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`,
    }),
    request_log_url: `https://dashboard.stripe.com/${world.livemode ? '' : 'test/'}logs/${requestId}?t=${world.now()}`,
  };
  const sorted = Object.fromEntries(Object.entries(error).sort(([left], [right]) => (left < right ? -1 : 1)));
  return JSON.stringify({ error: sorted }, null, 2);
}
