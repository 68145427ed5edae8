import {
  AMOUNTS,
  DATA,
  DECIMALS,
  FLAGS,
  IDS,
  OUR_IDS,
  OUR_WORDS,
  SAME_FOR_ALL,
  STRUCTURES,
  TIMES,
  WORD_LISTS,
  WORDS,
} from './kept-fields';
import { type Pseudonyms } from './pseudonyms';

export interface Keep {
  names: Pseudonyms;
  /** By how much every time is moved. */
  shiftSeconds: number;
}

const WORD = /^[a-z][a-z0-9_.]{0,59}$/;
const DECIMAL = /^-?\d{1,18}(\.\d{1,12})?$/;

/** An object of Stripe's without what names people: only fields that are known to be harmless stay as they are. */
export function keepFields(object: object, keep: Keep, parent = ''): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(object) as [string, unknown][]) {
    const part = field === 'metadata' ? ourMetadata(value, keep) : keepField(parent, field, value, keep);
    if (part !== undefined) kept[field] = part;
  }
  return kept;
}

const KNOWN = [IDS, WORDS, WORD_LISTS, AMOUNTS, DECIMALS, TIMES, FLAGS, STRUCTURES, DATA];
const isKnown = (parent: string, field: string): boolean =>
  KNOWN.some((names) => names.has(field) || names.has(`${parent}.${field}`)) || field in SAME_FOR_ALL;

function keepField(parent: string, field: string, value: unknown, keep: Keep): unknown {
  if (!isKnown(parent, field)) return undefined;
  if (value === null) return null;
  if (Array.isArray(value)) return value.flatMap((one: unknown) => keepOne(field, one, keep) ?? []);
  if (typeof value === 'string') return keepText(parent, field, value, keep);
  if (typeof value === 'boolean') return FLAGS.has(field) ? value : undefined;
  if (typeof value === 'number') {
    if (TIMES.has(field)) return value + keep.shiftSeconds;
    return AMOUNTS.has(field) ? value : SAME_FOR_ALL[field];
  }
  return typeof value === 'object' && mayDescend(field) ? keepFields(value, keep, field) : undefined;
}

const mayDescend = (field: string): boolean => STRUCTURES.has(field) || IDS.has(field);

function keepOne(field: string, value: unknown, keep: Keep): unknown {
  if (typeof value === 'string') return WORD_LISTS.has(field) && WORD.test(value) ? value : undefined;
  return typeof value === 'object' && value !== null && mayDescend(field)
    ? keepFields(value, keep, field)
    : undefined;
}

function keepText(parent: string, field: string, value: string, { names }: Keep): string | undefined {
  if (IDS.has(field)) return names.id(value);
  if (DATA.has(field)) return names.datum(field, value);
  if (DECIMALS.has(field)) return DECIMAL.test(value) ? value : undefined;
  const isWord = WORDS.has(field) || WORDS.has(`${parent}.${field}`);
  return isWord && WORD.test(value) ? value : undefined;
}

function ourMetadata(metadata: unknown, { names }: Keep): Record<string, string> {
  const kept: Record<string, string> = {};
  if (typeof metadata !== 'object' || metadata === null) return kept;
  for (const [field, value] of Object.entries(metadata) as [string, unknown][]) {
    if (typeof value !== 'string') continue;
    if (OUR_IDS.has(field)) kept[field] = names.id(value);
    else if (OUR_WORDS.has(field) && /^[a-z][a-z0-9-]{0,39}$/.test(value)) kept[field] = value;
  }
  return kept;
}
