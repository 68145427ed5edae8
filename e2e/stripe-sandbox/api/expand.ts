import type { World } from '../engine/world';
import { EXPANDABLE, type Expandable, type ResourceName } from './expandable';
import { invalid } from './refusal';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const MOST_LEVELS = 4;

/** Turns the ids at `paths` into the objects they name. The stored object stays as it is: a copy is filled. */
export function expandObject(world: World, object: object, resource: ResourceName, paths: string[]): Json {
  const copy = toJson(object);
  for (const path of paths) fill(world, copy, resource, path.split('.'));
  return copy;
}

function toJson(value: object): Json {
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/** A path is judged by the types alone: whether it is there does not depend on the object at hand. */
export function checkExpand(path: string, resource: ResourceName, isList: boolean): void {
  const segments = path.split('.');
  if (segments.length > MOST_LEVELS) {
    throw invalid(`You cannot expand more than ${MOST_LEVELS} levels of a property. Property: ${path}`);
  }
  if (isList && segments[0] !== 'data') {
    throw invalid(
      `This property cannot be expanded (${path}). You may want to try expanding 'data.${path}' instead.`,
    );
  }
  let current: ResourceName | undefined = resource;
  let rest = isList ? segments.slice(1) : segments;
  if (rest.length === 0) throw invalid(`This property cannot be expanded (${path}).`);
  while (rest.length > 0) {
    const step: Step | undefined = current && nextStep(current, rest);
    if (!step) throw invalid(`This property cannot be expanded (${path}).`);
    current = step.target.resource;
    const isListField = 'isList' in step.target && step.target.isList;
    rest = isListField && step.rest[0] === 'data' ? step.rest.slice(1) : step.rest;
  }
}

interface Step {
  key: string;
  target: Expandable;
  rest: string[];
}

/** The expandable field that the segments begin with; one may span several (`invoice_settings.default_…`). */
function nextStep(resource: ResourceName, segments: string[]): Step | undefined {
  for (let length = 1; length <= segments.length; length += 1) {
    const key = segments.slice(0, length).join('.');
    const target = EXPANDABLE[resource][key];
    if (target) return { key, target, rest: segments.slice(length) };
  }
  return undefined;
}

function fill(world: World, node: Json, resource: ResourceName, segments: string[]): void {
  if (segments.length === 0 || node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const element of node) fill(world, element, resource, segments);
    return;
  }
  if (segments[0] === 'data' && Array.isArray(node['data'])) {
    fill(world, node['data'], resource, segments.slice(1));
    return;
  }
  const step = nextStep(resource, segments);
  if (step) fillField(world, node, step);
}

function fillField(world: World, node: JsonObject, { key, target, rest }: Step): void {
  const names = key.split('.');
  const last = names.pop() ?? key;
  let holder: Json = node;
  for (const name of names) {
    if (holder === null || typeof holder !== 'object' || Array.isArray(holder)) return;
    holder = holder[name] ?? null;
  }
  if (holder === null || typeof holder !== 'object' || Array.isArray(holder)) return;
  const value = holder[last];
  if (target.kind === 'reference' && typeof value === 'string') {
    const found = target.find(world, value);
    if (found) holder[last] = toJson(found);
  }
  if (target.kind === 'included' && value === undefined && typeof node['id'] === 'string') {
    holder[last] = toJson(target.build(world, node['id']));
  }
  fill(world, holder[last] ?? null, target.resource, rest);
}
