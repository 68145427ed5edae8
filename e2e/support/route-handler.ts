import { createRequestHandler, type RequestHandler, type ServerBuild } from '@remix-run/node';
import { flatRoutes } from '@remix-run/dev/dist/config/flat-routes.js';
import path from 'node:path';
import * as z from 'zod';

import remixConfig from '../../remix.config.js';

export const APP_FOLDER = path.resolve(import.meta.dirname, '../../app');

export interface WalkedRoute {
  /** As Remix names it: `routes/admin.payments._index`. */
  id: string;
  /** From the root of the project: `app/routes/admin.payments._index.tsx`. */
  file: string;
  parentId: string | undefined;
  /** With something in the place of each parameter. */
  path: string;
  hasLoader: boolean;
  hasAction: boolean;
  /** Whether it is a page by itself, or only what stands around other pages. */
  isLeaf: boolean;
  /** Whether there is a page to draw; else its loader answers programs. */
  isPage: boolean;
}

type Manifest = ReturnType<typeof flatRoutes>;
const manifest: Manifest = {
  root: { id: 'root', file: 'root.tsx', path: '' },
  ...flatRoutes(APP_FOLDER, remixConfig.ignoredRouteFiles),
};

const handler = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function').optional();
const parts = z.looseObject({ loader: handler, action: handler });

/** Every file of app/routes as Remix serves it, and Remix's own handler over them. Pages are not drawn. */
export async function serveRoutes(): Promise<{ routes: WalkedRoute[]; handle: RequestHandler }> {
  const loaded = await Promise.all(
    Object.values(manifest).map(async (entry) => {
      const module: unknown = await import(path.join(APP_FOLDER, entry.file));
      return { entry, module: parts.parse(module) };
    }),
  );
  const parents = new Set(loaded.map(({ entry }) => entry.parentId));
  const routes = loaded.map(({ entry, module }) => ({
    id: entry.id,
    file: `app/${entry.file}`,
    parentId: entry.parentId,
    path: pathOf(entry.id),
    hasLoader: module.loader !== undefined,
    hasAction: module.action !== undefined,
    isLeaf: !parents.has(entry.id),
    isPage: module['default'] !== undefined,
  }));
  return { routes, handle: createRequestHandler(buildOf(loaded), 'test') };
}

function buildOf(loaded: { entry: Manifest[string]; module: z.infer<typeof parts> }[]): ServerBuild {
  const routes = Object.fromEntries(
    loaded.map(({ entry, module }) => {
      const { id, parentId, path: at, index, caseSensitive } = entry;
      return [id, { id, parentId, path: at, index, caseSensitive, module }];
    }),
  );
  const build: unknown = {
    mode: 'test',
    // A page is what went wrong on its way, in words.
    entry: { module: { default: answerErrors } },
    routes,
    assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '' },
    ...{ publicPath: '/build/', assetsBuildDirectory: '', future: remixConfig.future, isSpaMode: false },
  };
  return z.custom<ServerBuild>(() => true).parse(build);
}

interface Shown {
  staticHandlerContext: { errors: unknown };
}

const answerErrors = (_request: Request, status: number, headers: Headers, shown: Shown) =>
  new Response(JSON.stringify(shown.staticHandlerContext.errors ?? null), { status, headers });

function pathOf(id: string): string {
  const own = manifest[id];
  if (own === undefined) return '';
  const above = own.parentId === undefined ? '' : pathOf(own.parentId);
  const here = (own.path ?? '').replace(/:\w+\??/g, 'walk').replace(/\*$/, 'walk/on');
  return here === '' ? above : `${above}/${here}`;
}
