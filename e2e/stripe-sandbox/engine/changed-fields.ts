type Fields = Record<string, unknown>;

/**
 * The `previous_attributes` of an event: old values of what changed, down to the changed keys of nested objects; a
 * key that was not there is null, an array comes whole.
 */
export function changedFields(before: object, after: object): Fields {
  const old: Fields = {};
  const left: Fields = { ...before };
  const right: Fields = { ...after };
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const was = left[key];
    const is = right[key];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    old[key] = isPlain(was) && isPlain(is) ? changedFields(was, is) : (was ?? null);
  }
  return old;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
