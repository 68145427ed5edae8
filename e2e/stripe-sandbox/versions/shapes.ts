import { isJsonObject, toJson, type Json, type JsonObject } from '../json';
import { BASIL_CHANGES } from './basil-changes';
import type { VersionChange } from './change';
import type { Past } from './past';
import { RECENT_CHANGES } from './recent-changes';

/**
 * Objects are kept in the shape of the version that the SDK pins. Older shapes are made from it, change by change,
 * newest first. The oldest shape known is that of 2024-06-20: versions before it are answered with it.
 */
const CHANGES: readonly VersionChange[] = [...RECENT_CHANGES, ...BASIL_CHANGES];

/** The object as `version` shows it, with all that is nested in it. Events are left alone: they keep their own. */
export function shapeFor(version: string, object: object, past: Past): object {
  const changes = changesAfter(version);
  if (changes.length === 0) return object;
  const shaped = shape(toJson(object), changes, past);
  return isJsonObject(shaped) ? shaped : object;
}

/** What the update of a (current) object changed, as `version` shows it: only fields that differ in that version. */
export function previousFor(
  version: string,
  object: object,
  previous: Record<string, unknown>,
  past: Past,
): object {
  const changes = changesAfter(version);
  const after = toJson(object);
  const patch = toJson(previous);
  if (changes.length === 0 || !isJsonObject(after) || !isJsonObject(patch)) return previous;
  const before = shape(overlay(after, patch), changes, past);
  return difference(before, shape(after, changes, past)) ?? {};
}

function changesAfter(version: string): VersionChange[] {
  const date = version.slice(0, '2024-06-20'.length);
  return CHANGES.filter(({ since }) => since > date);
}

function shape(value: Json, changes: readonly VersionChange[], past: Past): Json {
  if (Array.isArray(value)) return value.map((element) => shape(element, changes, past));
  if (!isJsonObject(value) || value['object'] === 'event') return value;
  const tag = typeof value['object'] === 'string' ? value['object'] : '';
  let own = value;
  for (const { undo } of changes) own = undo[tag]?.(own, past) ?? own;
  return Object.fromEntries(Object.entries(own).map(([name, field]) => [name, shape(field, changes, past)]));
}

/** The object as it was: fields of the patch take the place of its own, hashes in hashes. */
function overlay(object: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...object };
  for (const [name, field] of Object.entries(patch)) {
    const own = object[name];
    merged[name] = isJsonObject(own) && isJsonObject(field) ? overlay(own, field) : field;
  }
  return merged;
}

/** The parts of `before` that are not so in `after`; lists whole. */
function difference(before: Json, after: Json): JsonObject | undefined {
  if (!isJsonObject(before) || !isJsonObject(after)) return undefined;
  const changed: JsonObject = {};
  for (const [name, field] of Object.entries(before)) {
    const other = after[name] ?? null;
    if (JSON.stringify(field) === JSON.stringify(other)) continue;
    changed[name] = difference(field, other) ?? field;
  }
  return changed;
}
