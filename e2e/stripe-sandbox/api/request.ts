import type { Cause, World } from '../engine/world';
import type { FormHash } from './form';
import type { ResourceName } from './expandable';

/** A request that is known, authenticated and decoded, on its way to its endpoint. */
export interface ApiRequest {
  world: World;
  /** The placeholders of the path, in order. */
  path: string[];
  /** Body or query without `expand`. */
  form: FormHash;
  expand: string[];
  version: string;
  apiKey: string;
  cause: Cause;
}

/** One method of one URL. What it answers is known before it runs, so a bad `expand` changes nothing. */
export interface Endpoint {
  resource: ResourceName;
  isList?: boolean;
  run(request: ApiRequest): object;
}

/** `GET /v1/things/:id` → endpoint. */
export type Routes = Record<`${'GET' | 'POST' | 'DELETE'} /v1/${string}`, Endpoint>;
