/** A route of the build, as far as its pattern is made of it. */
export interface RouteNode {
  id: string;
  parentId?: string | undefined;
  path?: string | undefined;
}

interface Branch {
  statics: Map<string, Branch>;
  param: { name: string; branch: Branch } | undefined;
  isEnd: boolean;
}

const branch = (): Branch => ({ statics: new Map(), param: undefined, isEnd: false });

/**
 * Finds the pattern that a path fits, words before parameters, so that a number is kept per route and never per path. What
 * only a catch-all would answer fits none.
 */
export function routeMatcher(routes: readonly RouteNode[]): (path: string) => string | undefined {
  const byId = new Map(routes.map((route) => [route.id, route]));
  const root = branch();
  root.isEnd = true;
  for (const route of routes) plant(root, segmentsOf(route, byId));
  return (path) => {
    const found = find(
      root,
      path.split('/').filter((part) => part !== ''),
    );
    return found === undefined ? undefined : `/${found.join('/')}`;
  };
}

function segmentsOf(route: RouteNode, byId: ReadonlyMap<string, RouteNode>): string[] {
  const parent = route.parentId === undefined ? undefined : byId.get(route.parentId);
  const above = parent === undefined ? [] : segmentsOf(parent, byId);
  return [...above, ...(route.path ?? '').split('/').filter((part) => part !== '')];
}

function plant(root: Branch, segments: readonly string[]): void {
  let at = root;
  for (const segment of segments) {
    if (segment === '*') return;
    if (segment.startsWith(':')) {
      at.param ??= { name: segment, branch: branch() };
      at = at.param.branch;
    } else {
      const next = at.statics.get(segment) ?? branch();
      at.statics.set(segment, next);
      at = next;
    }
  }
  at.isEnd = true;
}

function find(at: Branch, rest: readonly string[]): string[] | undefined {
  const [first, ...others] = rest;
  if (first === undefined) return at.isEnd ? [] : undefined;
  const word = at.statics.get(first);
  const byWord = word === undefined ? undefined : find(word, others);
  if (byWord !== undefined) return [first, ...byWord];
  const byParam = at.param === undefined ? undefined : find(at.param.branch, others);
  return byParam === undefined || at.param === undefined ? undefined : [at.param.name, ...byParam];
}
