import * as z from 'zod';
import { DAY_MS, MINUTE_MS } from '../durations';

/** What may go wrong between an act and its webhooks. */
export const EVENT_FAULTS = [
  'never_generated',
  'drop',
  'duplicate',
  'reorder',
  'delay',
  'forged',
  'stale',
  'old_version',
  'endpoint_down',
] as const;
export type EventFault = (typeof EVENT_FAULTS)[number];

/** What may go wrong with an API request. */
export const API_FAULTS = ['unavailable', 'lost_answer', 'server_error', 'rate_limit', 'slow'] as const;
export type ApiFaultName = (typeof API_FAULTS)[number];

export type FaultName = EventFault | ApiFaultName;

const chance = z.number().min(0).max(1);
const doseSchema = z
  .union([chance, z.strictObject({ chance: chance.default(1), times: z.int().min(1) })])
  .optional();
/** How likely a fault is at each opportunity, and how often it strikes at most in a run. */
export type Dose = z.output<typeof doseSchema>;

const span = (largest: number) =>
  z
    .tuple([z.int().min(0).max(largest), z.int().min(0).max(largest)])
    .refine(([least, most]) => least <= most, 'The first number is the smaller one.');

const LONGEST_WAIT_MS = 10 * MINUTE_MS;

const mixShape = {
  /** The act has no event at all. */
  never_generated: doseSchema,
  /** The event is listed, but this endpoint never gets it. */
  drop: doseSchema,
  /** The same event arrives twice, at once or later. */
  duplicate: doseSchema,
  /** The events of an act arrive in another order. */
  reorder: doseSchema,
  /** The event arrives `delay_ms` late, and those after it do not wait. */
  delay: doseSchema,
  /** One more delivery that must be refused: a wrong signature, a changed body or an event that never was. */
  forged: doseSchema,
  /** One more delivery whose signature is `stale_seconds` old. */
  stale: doseSchema,
  /** The event says, and has the shape of, `old_api_version`. */
  old_version: doseSchema,
  /** For `down_acts` acts the endpoint is met as if nobody listened; the retries bring the events later. */
  endpoint_down: doseSchema,
  /** The connection is cut before anything is executed. */
  unavailable: doseSchema,
  /** The request is executed, and its answer is lost. */
  lost_answer: doseSchema,
  server_error: doseSchema,
  rate_limit: doseSchema,
  /** The answer takes `slow_ms` longer. */
  slow: doseSchema,
  /** So many acts in a row carry one and the same `created`; 0 and 1: each its own. */
  same_second: z.int().min(0).max(10_000).optional(),
  delay_ms: span(DAY_MS).optional(),
  slow_ms: span(LONGEST_WAIT_MS).optional(),
  stale_seconds: z.int().min(1).optional(),
  down_acts: z.int().min(1).max(1000).optional(),
  old_api_version: z.string().min(1).optional(),
};
export type Mix = z.infer<z.ZodObject<typeof mixShape>>;

/** What stands in a mix that leaves it out. */
export function measuresOf(mix: Mix) {
  return {
    sameSecond: mix.same_second ?? 0,
    delayMs: mix.delay_ms ?? ([200, 2000] as const),
    slowMs: mix.slow_ms ?? ([200, 2000] as const),
    staleSeconds: mix.stale_seconds ?? 900,
    downActs: mix.down_acts ?? 2,
    oldApiVersion: mix.old_api_version ?? '2024-06-20',
  };
}

/** Mixes by name. `default` is what a seed alone means. */
export const MIX_PRESETS = {
  default: {
    duplicate: 0.2,
    reorder: 0.2,
    delay: 0.15,
    drop: 0.03,
    never_generated: 0.02,
    forged: 0.05,
    stale: 0.05,
    endpoint_down: 0.05,
    old_version: 0.03,
    lost_answer: 0.03,
    server_error: 0.02,
    rate_limit: 0.02,
    slow: 0.05,
    same_second: 3,
  },
  disorder: { duplicate: 0.5, reorder: 0.7, delay: 0.4, same_second: 10 },
  losses: { drop: 0.2, never_generated: 0.1 },
  attacks: { forged: 0.5, stale: 0.5 },
  outages: { endpoint_down: 0.3, unavailable: 0.1, lost_answer: 0.15, server_error: 0.1, slow: 0.2 },
  busy: { rate_limit: 0.2, slow: 0.5 },
  old_events: { old_version: 1 },
} satisfies Record<string, Mix>;
export type PresetName = keyof typeof MIX_PRESETS;

export function isPreset(name: string): name is PresetName {
  return Object.hasOwn(MIX_PRESETS, name);
}

/** A seed and what it mixes. A seed alone means the default mix. */
export const chaosSchema = z
  .strictObject({ seed: z.int(), ...mixShape })
  .transform(({ seed, ...mix }): Chaos => {
    const isNamed = Object.values(mix).some((part) => part !== undefined);
    return { seed, ...(isNamed ? mix : MIX_PRESETS.default) };
  });
export type Chaos = { seed: number } & Mix;
