import * as z from 'zod';
import { DAY_SECONDS } from '../durations';
import { DISPUTE_REASONS } from '../engine/disputes/build-dispute';
import { scenarioSchema } from '../chaos/scenario';
import { rollSecret } from '../engine/webhook-endpoints';
import type { World } from '../engine/world';
import { Ids } from '../ids';
import type { PayInput, Sandbox } from '../sandbox';
import { faultsPatchSchema, settingsPatchSchema, type FaultsPatch, type SettingsPatch } from '../settings';

interface ControlRequest {
  method: string;
  /** What follows /_control. */
  path: string;
  query: URLSearchParams;
  body: string;
}

interface ControlAnswer {
  status: number;
  body: object;
}

export interface Control {
  handle(request: ControlRequest): Promise<ControlAnswer>;
}

export interface ControlOptions {
  world: World;
  sandbox: Sandbox;
  applySettings(change: { settings?: SettingsPatch; faults?: FaultsPatch }): void;
  reset(): void;
}

const defaultPayer: PayInput = {
  email: 'payer@example.com',
  cardNumber: '4242424242424242',
  expMonth: '12',
  expYear: '40',
  cvc: '123',
  name: 'Sandbox Payer',
  country: 'US',
  postalCode: '94103',
};
const payBody = z.strictObject({
  email: z.string().default(defaultPayer.email),
  cardNumber: z.string().default(defaultPayer.cardNumber),
  expMonth: z.string().default(defaultPayer.expMonth),
  expYear: z.string().default(defaultPayer.expYear),
  cvc: z.string().default(defaultPayer.cvc),
  name: z.string().default(defaultPayer.name),
  country: z.string().default(defaultPayer.country),
  postalCode: z.string().default(defaultPayer.postalCode),
});
const challengeBody = z.strictObject({ answer: z.enum(['complete', 'fail']) });
/** Stripe keeps an old secret for a day at most. */
const LONGEST_OVERLAP_SECONDS = DAY_SECONDS;
const rollBody = z.strictObject({
  secret: z.string().startsWith('whsec_').optional(),
  keepOldForSeconds: z.int().min(0).max(LONGEST_OVERLAP_SECONDS).default(0),
});
const mailBody = z.strictObject({
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
});
const clockBody = z.strictObject({ frozenTime: z.int().min(0), name: z.string().nullable().default(null) });
/** Unix seconds. */
const advanceBody = z.strictObject({ to: z.int().min(0) });
const refundBody = z.strictObject({ amount: z.int().min(1).optional() });
const disputeBody = z.strictObject({
  kind: z.enum(['chargeback', 'inquiry', 'bank_return']).default('chargeback'),
  reason: z.enum(DISPUTE_REASONS).optional(),
});
const answerBody = z.strictObject({ answer: z.enum(['win', 'lose', 'accept', 'escalate']) });
const speedQuery = z.coerce.number().positive();
const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: z.string().optional(),
});

type Handler = (options: ControlOptions, request: ControlRequest, id: string) => object | Promise<object>;

const notFound: ControlAnswer = { status: 404, body: { error: 'Nothing is here.' } };

/** `METHOD path` with at most one placeholder. Acts answer with their outcome; `undefined` things are 404. */
const ROUTES: Record<string, Handler> = {
  'GET ': ({ world, sandbox }) => ({
    account: sandbox.account.id,
    now: world.now(),
    endpoints: sandbox.endpoints.list(),
    counts: {
      sessions: world.store.sessions.size,
      payments: world.store.paymentIntents.size,
      charges: world.store.charges.size,
      customers: world.store.customers.size,
      invoices: world.store.invoices.size,
      events: world.store.events.size,
      deliveries: world.store.deliveries.size,
      mail: world.store.mail.size,
    },
  }),
  'GET /sessions': ({ sandbox }, request) => sandbox.sessions.list(pageOf(request)),
  'GET /payments': ({ sandbox }, request) => sandbox.payments.list(pageOf(request)),
  'GET /events': ({ sandbox }, request) => sandbox.events.list(pageOf(request)),
  'GET /deliveries': ({ sandbox }, request) => {
    const eventId = request.query.get('event');
    return sandbox.deliveries.list({ ...pageOf(request), ...(eventId !== null && { eventId }) });
  },
  'GET /endpoints': ({ sandbox }) => ({ endpoints: sandbox.endpoints.list() }),
  'GET /listeners': ({ world }) => ({
    listeners: world.listeners.targets().map(({ id, url }) => ({ id, url })),
  }),
  'POST /sessions/:id/pay': ({ sandbox }, request, id) =>
    sandbox.checkout.pay(id, payBody.parse(jsonOf(request))),
  'POST /sessions/:id/challenge': ({ sandbox }, request, id) =>
    sandbox.checkout.answerChallenge(id, challengeBody.parse(jsonOf(request)).answer),
  'POST /sessions/:id/expire': ({ sandbox }, _request, id) => sandbox.checkout.expire(id),
  'GET /refunds': ({ sandbox }, request) => sandbox.moneyBack.refunds(pageOf(request)),
  'GET /disputes': ({ sandbox }, request) => sandbox.moneyBack.disputes(pageOf(request)),
  'POST /payments/:id/refund': ({ sandbox }, request, id) =>
    sandbox.moneyBack.refund(id, refundBody.parse(jsonOf(request)).amount),
  'POST /payments/:id/dispute': ({ sandbox }, request, id) => {
    const { kind, reason } = disputeBody.parse(jsonOf(request));
    const usual = kind === 'bank_return' ? 'debit_not_authorized' : 'fraudulent';
    return sandbox.moneyBack.openDispute(id, kind, reason ?? usual);
  },
  'POST /refunds/:id/fail': ({ sandbox }, _request, id) => sandbox.moneyBack.failRefund(id),
  'POST /refunds/:id/succeed': ({ sandbox }, _request, id) => sandbox.moneyBack.settleRefund(id),
  'POST /disputes/:id/answer': ({ sandbox }, request, id) =>
    sandbox.moneyBack.answerDispute(id, answerBody.parse(jsonOf(request)).answer),
  'POST /events/:id/resend': ({ sandbox }, _request, id) => sandbox.events.resend(id),
  'POST /endpoints/:id/roll': ({ world }, request, id) => {
    if (!world.store.endpoints.get(id)) return { outcome: 'unknown_endpoint' };
    const { secret = Ids.signingSecret(), keepOldForSeconds } = rollBody.parse(jsonOf(request));
    rollSecret(world, id, secret, keepOldForSeconds);
    world.store.save();
    return { outcome: 'rolled', secret };
  },
  'GET /settings': ({ world }) => world.settings(),
  'PUT /settings': ({ world, applySettings }, request) => {
    applySettings({ settings: settingsPatchSchema.parse(jsonOf(request)) });
    return world.settings();
  },
  'GET /faults': ({ world }) => world.faults(),
  'PUT /faults': ({ world, applySettings }, request) => {
    applySettings({ faults: faultsPatchSchema.parse(jsonOf(request)) });
    return world.faults();
  },
  'GET /chaos': ({ sandbox: { chaos } }, request) => ({
    current: chaos.current(),
    presets: chaos.presets(),
    run: chaos.run(),
    done: chaos.done(pageOf(request)),
  }),
  'GET /run': ({ sandbox }, request) => sandbox.chaos.exportRun(request.query.get('redact') === '1'),
  'POST /run/:id': ({ sandbox: { chaos } }, request, id) => {
    if (id !== 'replay') return { outcome: 'unknown_act' };
    const scenario =
      request.body.trim() === '' ? chaos.exportRun(false) : scenarioSchema.parse(jsonOf(request));
    return chaos.replay(scenario, speedQuery.parse(request.query.get('speed') ?? '1'));
  },
  'POST /mail': ({ sandbox }, request) => sandbox.mail.receive(mailBody.parse(jsonOf(request))),
  'GET /mail': ({ sandbox }) => ({ mail: sandbox.mail.list() }),
  'GET /mail/:id': ({ sandbox }, _request, id) => sandbox.mail.find(id) ?? { outcome: 'unknown_mail' },
  'GET /clocks': ({ sandbox }) => ({ clocks: sandbox.clocks.list() }),
  'POST /clocks': ({ sandbox }, request) => sandbox.clocks.create(clockBody.parse(jsonOf(request))),
  'POST /clocks/:id/advance': ({ sandbox }, request, id) =>
    sandbox.clocks.advance(id, advanceBody.parse(jsonOf(request)).to),
  'DELETE /clocks/:id': ({ sandbox }, _request, id) => sandbox.clocks.remove(id),
  'POST /reset': ({ reset }) => {
    reset();
    return { outcome: 'reset' };
  },
};

export function createControl(options: ControlOptions): Control {
  return {
    async handle(request) {
      const segments = request.path.replace(/\/$/, '').split('/');
      const [, , id = ''] = segments;
      const pattern = segments.map((segment, place) => (place === 2 ? ':id' : segment)).join('/');
      const handler = ROUTES[`${request.method} ${pattern}`];
      if (!handler) return notFound;
      try {
        const body = await handler(options, request, id);
        return { status: isUnknown(body) ? 404 : 200, body };
      } catch (error) {
        if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
        throw error;
      }
    },
  };
}

function isUnknown(body: object): boolean {
  return 'outcome' in body && typeof body.outcome === 'string' && body.outcome.startsWith('unknown_');
}

function pageOf(request: ControlRequest): { limit: number; cursor?: string } {
  const { limit, cursor } = pageQuery.parse(Object.fromEntries(request.query));
  return { limit, ...(cursor !== undefined && { cursor }) };
}

/** An absent body is an empty object. */
function jsonOf(request: ControlRequest): unknown {
  if (request.body.trim() === '') return {};
  try {
    return JSON.parse(request.body);
  } catch {
    throw new z.ZodError([{ code: 'custom', path: [], message: 'The body is not JSON.', input: undefined }]);
  }
}
