import type Stripe from 'stripe';
import * as z from 'zod';
import { nameOf, type FormHash, type FormValue } from './form';
import { invalid, type Refusal, missingParam } from './refusal';

/** Building blocks of parameter schemas. Each turns form text into a value or raises an issue with Stripe's words. */

function issue(ctx: z.RefinementCtx, code: string, message: string): never {
  ctx.addIssue({ code: 'custom', message, params: { stripeCode: code } });
  return z.NEVER;
}

export function text(maximum = 5000) {
  return z.string().transform((value, ctx) => {
    if (value === '') return issue(ctx, 'parameter_invalid_empty', '');
    if (value.length <= maximum) return value;
    const message = `Invalid string: must be at most ${maximum} characters`;
    return issue(ctx, 'parameter_invalid_string', message);
  });
}

export function integer() {
  return z.string().transform((value, ctx) => {
    if (value === '') return issue(ctx, 'parameter_invalid_empty', '');
    const isInteger = /^-?\d+$/.test(value) && Number.isSafeInteger(Number(value));
    return isInteger ? Number(value) : issue(ctx, 'parameter_invalid_integer', `Invalid integer: ${value}`);
  });
}

export function bool() {
  return z.string().transform((value, ctx) => {
    if (value === '') return issue(ctx, 'parameter_invalid_empty', '');
    if (value === 'true' || value === 'false') return value === 'true';
    return issue(ctx, 'parameter_invalid_boolean', `Invalid boolean: ${value}`);
  });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.string().transform((value, ctx): T[number] => {
    if (value === '') return issue(ctx, 'parameter_invalid_empty', '');
    const found = values.find((candidate) => candidate === value);
    return found ?? issue(ctx, 'parameter_invalid_enum', `{name} must be one of ${joinOr(values)}`);
  });
}

function joinOr(values: readonly string[]): string {
  return values.length < 3
    ? values.join(' or ')
    : `${values.slice(0, -1).join(', ')}, or ${values[values.length - 1]}`;
}

/** An empty string unsets the field. */
export function clearable<T extends z.ZodType>(schema: T) {
  return z.union([z.literal('').transform(() => null), schema]);
}

export function list<T extends z.ZodType>(element: T) {
  return z.preprocess((value) => (value === '' ? [] : value), z.array(element));
}

const MOST_METADATA_KEYS = 50;
const tooManyKeys = (count: number): string =>
  `Metadata can hold up to ${MOST_METADATA_KEYS} keys; these would be ${count}.`;

/** Metadata of a new object; keys with empty values are left out. */
export function metadata() {
  return metadataPatch().transform((patch): Stripe.Metadata => mergeMetadata({}, patch));
}

/** `null` clears every key; an empty value removes its key. */
export function metadataPatch() {
  return z
    .preprocess(
      // Keys 0, 1, 2 … look like a list on the wire.
      (value) => (Array.isArray(value) ? { ...value } : value),
      z.union([z.literal('').transform(() => null), z.record(z.string(), z.string())]),
    )
    .superRefine((value, ctx) => {
      for (const [key, entry] of Object.entries(value ?? {})) {
        if (key.length > 40)
          issue(ctx, 'parameter_invalid_string', `Metadata keys can be up to 40 characters long: ${key}`);
        if (entry.length > 500)
          issue(ctx, 'parameter_invalid_string', `Metadata values can be up to 500 characters long: ${key}`);
      }
      const count = Object.keys(value ?? {}).length;
      if (count > MOST_METADATA_KEYS) issue(ctx, 'parameter_invalid', tooManyKeys(count));
    });
}

export function mergeMetadata(
  before: Stripe.Metadata,
  patch: Record<string, string> | null,
): Stripe.Metadata {
  if (patch === null) return {};
  const merged = Object.entries({ ...before, ...patch }).filter(([, value]) => value !== '');
  if (merged.length > MOST_METADATA_KEYS) {
    throw invalid(tooManyKeys(merged.length), { code: 'parameter_invalid', param: 'metadata' });
  }
  return Object.fromEntries(merged);
}

/** Text of a field that exists as null: absent and empty are the same. */
export function nullableText(maximum?: number) {
  return clearable(text(maximum))
    .optional()
    .transform((value) => value ?? null);
}

const optionalLine = nullableText();
export const addressParams = z
  .strictObject({
    city: optionalLine,
    country: optionalLine,
    line1: optionalLine,
    line2: optionalLine,
    postal_code: optionalLine,
    state: optionalLine,
  })
  .transform((address): Stripe.Address => address);

export const shippingParams = z.strictObject({
  address: addressParams,
  carrier: optionalLine,
  name: text(),
  phone: optionalLine,
  tracking_number: optionalLine,
});

/** A parameter that Stripe knows and that changes nothing here. */
export const ignored = z.custom<FormValue>().optional();

/** A parameter that Stripe knows and that must not be passed over in silence; unsetting it is harmless. */
export function unplayed(what: string) {
  return ignored.transform((value, ctx): undefined => {
    if (value === undefined || value === '') return undefined;
    return issue(ctx, 'parameter_invalid', `The sandbox does not play ${what}.`);
  });
}

/** Only this account can be liable for a tax. */
export const automaticTaxParams = z.strictObject({
  enabled: bool(),
  liability: z
    .strictObject({ account: unplayed('liability of another account'), type: oneOf(['account', 'self']) })
    .optional(),
});

/** Only this account can issue an invoice. */
export const issuerParams = z
  .strictObject({ account: unplayed('invoices of another account'), type: oneOf(['account', 'self']) })
  .optional();

/** A business account of another kind than this one plays. */
export const customerAccount = unplayed('customer_account');

export function parseParams<T extends z.ZodType>(schema: T, form: FormHash): z.output<T> {
  const result = schema.safeParse(form);
  if (result.success) return result.data;
  throw refusalOf(result.error.issues, form);
}

function refusalOf(issues: z.core.$ZodIssue[], form: FormHash): Refusal {
  const unknown = issues.flatMap((found) => unknownKeys(found));
  if (unknown.length > 0) {
    const message = `Received unknown parameter${unknown.length > 1 ? 's' : ''}: ${unknown.join(', ')}`;
    return invalid(message, { code: 'parameter_unknown', param: unknown[0] ?? '' });
  }
  const [first] = issues.map(deepest);
  if (!first) throw new Error('A failed parse has an issue.');
  const param = nameOf(first.path);
  if (valueAt(form, first.path) === undefined) {
    return missingParam(param);
  }
  if (first.code === 'invalid_type') {
    const kind = first.expected === 'record' ? 'object' : first.expected;
    return invalid(`Invalid ${kind}: ${JSON.stringify(valueAt(form, first.path))}`, { param });
  }
  if (first.code !== 'custom')
    return invalid(`Invalid ${param}: ${first.message}`, { code: 'parameter_invalid', param });
  const code: unknown = first.params?.['stripeCode'];
  if (code === 'parameter_invalid_empty') return emptyParam(param);
  const message = first.message.replace('{name}', `Invalid ${param}:`);
  return invalid(message, {
    param,
    ...(typeof code === 'string' && code !== 'parameter_invalid_enum' && { code }),
  });
}

function emptyParam(param: string): Refusal {
  const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`;
  return invalid(message, { code: 'parameter_invalid_empty', param });
}

/** Of a union, the issue of the branch that understood most. */
function deepest(found: z.core.$ZodIssue): z.core.$ZodIssue {
  if (found.code !== 'invalid_union') return found;
  const branches = found.errors.map((branch) => branch.map(deepest));
  const best = branches.find((branch) =>
    branch.some((inner) => inner.code !== 'invalid_value' && inner.code !== 'invalid_type'),
  );
  const inner = (best ?? branches[branches.length - 1])?.[0];
  return inner ? { ...inner, path: [...found.path, ...inner.path] } : found;
}

function unknownKeys(found: z.core.$ZodIssue): string[] {
  const issueFound = deepest(found);
  return issueFound.code === 'unrecognized_keys'
    ? issueFound.keys.map((key) => nameOf([...issueFound.path, key]))
    : [];
}

function valueAt(form: FormHash, path: readonly PropertyKey[]): FormValue | undefined {
  let value: FormValue | undefined = form;
  for (const key of path) {
    if (value === undefined || typeof value === 'string') return undefined;
    value = Array.isArray(value) ? value[Number(key)] : value[String(key)];
  }
  return value;
}
