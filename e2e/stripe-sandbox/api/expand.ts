import type { World } from '../engine/world';
import { isJsonObject, toJson, type Json, type JsonObject } from '../json';
import { pastOf } from '../versions/past';
import { shapeFor } from '../versions/shapes';
import type { Expandable, ResourceName } from './expandable';
import { expandablesOf } from './old-expandable';
import { invalid } from './refusal';

const MOST_LEVELS = 4;

/** The answer in the shape of `version`, with the objects at `paths` in the place of their ids. */
export function renderAnswer(
  world: World,
  version: string,
  answer: object,
  resource: ResourceName,
  paths: string[],
): object {
  const past = pastOf(world.store);
  const shape = (object: object): object => shapeFor(version, object, past);
  const shaped = shape(answer);
  if (paths.length === 0) return shaped;
  const copy = toJson(shaped);
  const filler = new Filler(world, version, shape);
  for (const path of paths) filler.fill(copy, resource, path.split('.'));
  return isJsonObject(copy) ? copy : shaped;
}

/** A path is judged by the types alone: whether it is there does not depend on the object at hand. */
export function checkExpand(path: string, resource: ResourceName, isList: boolean, version: string): void {
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
    const step: Step | undefined = current && nextStep(current, rest, version);
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
function nextStep(resource: ResourceName, segments: string[], version: string): Step | undefined {
  const expandables = expandablesOf(resource, version);
  for (let length = 1; length <= segments.length; length += 1) {
    const key = segments.slice(0, length).join('.');
    const target = Object.hasOwn(expandables, key) ? expandables[key] : undefined;
    if (target) return { key, target, rest: segments.slice(length) };
  }
  return undefined;
}

/** Fills ids with objects, in place. */
class Filler {
  constructor(
    private readonly world: World,
    private readonly version: string,
    private readonly shape: (object: object) => object,
  ) {}

  fill(node: Json, resource: ResourceName, segments: string[]): void {
    if (segments.length === 0 || node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      for (const element of node) this.fill(element, resource, segments);
      return;
    }
    if (segments[0] === 'data' && Array.isArray(node['data'])) {
      this.fill(node['data'], resource, segments.slice(1));
      return;
    }
    const step = nextStep(resource, segments, this.version);
    if (!step) return;
    const names = step.key.split('.');
    for (const holder of holdersOf(node, names.slice(0, -1))) {
      this.fillField(holder, names[names.length - 1] ?? step.key, fieldOwner(node), step);
    }
  }

  private fillField(holder: JsonObject, name: string, owner: string | null, { target, rest }: Step): void {
    const value = holder[name];
    if (target.kind === 'reference') {
      if (Array.isArray(value)) holder[name] = value.map((element) => this.found(element, target));
      else if (value !== undefined) holder[name] = this.found(value, target);
    }
    if (target.kind === 'included' && value === undefined && owner !== null) {
      const built = target.build(this.world, owner);
      holder[name] = built && toJson(this.shape(built));
    }
    this.fill(holder[name] ?? null, target.resource, rest);
  }

  private found(value: Json, target: Extract<Expandable, { kind: 'reference' }>): Json {
    const found = typeof value === 'string' ? target.find(this.world, value) : undefined;
    return found ? toJson(this.shape(found)) : value;
  }
}

function fieldOwner(node: JsonObject): string | null {
  return typeof node['id'] === 'string' ? node['id'] : null;
}

/** The hashes that hold the last name of a path; a list on the way stands for each of its elements. */
function holdersOf(node: Json, names: string[]): JsonObject[] {
  if (Array.isArray(node)) return node.flatMap((element) => holdersOf(element, names));
  if (!isJsonObject(node)) return [];
  const [name, ...rest] = names;
  return name === undefined ? [node] : holdersOf(node[name] ?? null, rest);
}
