import { isJsonObject, type Json, type JsonObject } from '../json';
import type { Past } from './past';

/** Takes an object back over the change; what is nested in it follows. */
export type Undo = (object: JsonObject, past: Past) => JsonObject;

/** What one API version changed in the objects that the sandbox makes, told backwards. */
export interface VersionChange {
  /** The first version with the new shape. */
  since: string;
  /** By the object's tag (`object`). */
  undo: Record<string, Undo>;
}

export function without(object: JsonObject, ...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

export const drops =
  (...names: string[]): Undo =>
  (object) =>
    without(object, ...names);

/** The id of a reference, expanded or not. */
export function idIn(value: Json | undefined): string | null {
  if (typeof value === 'string') return value;
  return isJsonObject(value) && typeof value['id'] === 'string' ? value['id'] : null;
}

export function fieldOf(value: Json | undefined, ...path: string[]): Json {
  let found: Json = value ?? null;
  for (const name of path) found = isJsonObject(found) ? (found[name] ?? null) : null;
  return found;
}

export function listIn(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
