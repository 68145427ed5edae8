import * as z from 'zod';
import { API_FAULTS, chaosSchema, EVENT_FAULTS, isPreset, MIX_PRESETS, type Chaos } from './mix';

const DOSE = /^(?<chance>\d*\.?\d+)?(?:x(?<times>\d+))?$/;
const SPAN = /^(?<least>\d+)-(?<most>\d+)$/;
const FAULTS: ReadonlySet<string> = new Set([...EVENT_FAULTS, ...API_FAULTS]);
const TEXTS = new Set(['old_api_version']);

/**
 * `seed=42,duplicate=0.3,drop=x2,delay_ms=100-900` or `seed=42,preset=losses`. `0.3` is a chance, `x2` the first
 * two opportunities, `0.3x2` two at most. What it does not understand raises a ZodError.
 */
export function parseChaos(text: string): Chaos {
  const mix: Record<string, unknown> = {};
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=').map((piece) => piece.trim());
    if (name === 'preset') Object.assign(mix, presetNamed(value));
    else mix[name] = valueOf(name, value);
  }
  return chaosSchema.parse(mix);
}

function presetNamed(name: string): object {
  if (isPreset(name)) return MIX_PRESETS[name];
  const known = Object.keys(MIX_PRESETS).join(', ');
  const message = `There is no preset ${name}; the presets are ${known}.`;
  throw new z.ZodError([{ code: 'custom', path: ['preset'], message, input: name }]);
}

function valueOf(name: string, value: string): unknown {
  if (TEXTS.has(name)) return value;
  const span = SPAN.exec(value)?.groups;
  if (span) return [Number(span['least']), Number(span['most'])];
  const dose = value === '' ? undefined : DOSE.exec(value)?.groups;
  if (dose?.['times'] === undefined || !FAULTS.has(name)) return value === '' ? value : Number(value);
  const { chance, times } = dose;
  return { ...(chance !== undefined && { chance: Number(chance) }), times: Number(times) };
}
