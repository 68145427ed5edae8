import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

/** Looks at what `npm run build` left behind; it runs after the build and fails without one. */
const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

const metafile = z.object({ inputs: z.record(z.string(), z.unknown()) });
const inputsOf = (file: string) => Object.keys(metafile.parse(JSON.parse(read(file))).inputs);

const module_ = z.object({ module: z.string(), imports: z.array(z.string()).optional() });
const manifest = z.object({
  entry: module_,
  routes: z.record(z.string(), module_.extend({ id: z.string(), parentId: z.string().optional() })),
});

function readManifest() {
  const name = readdirSync(path.join(root, 'public/build')).find((file) => /^manifest-.*\.js$/.test(file));
  const text = read(`public/build/${name}`);
  return manifest.parse(JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)));
}

const browserFiles = () =>
  readdirSync(path.join(root, 'public/build'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );

/** The names that platform/env reads: none of them has a meaning in a browser. */
const envNames = [...read('app/platform/env.server.ts').matchAll(/^ {2}([A-Z][A-Z_]{4,}): /gm)].flatMap(
  ([, name]) => (name === undefined || name === 'NODE_ENV' ? [] : [name]),
);

describe('the browser bundle', () => {
  it('is made of no server file, no test, nothing of e2e or prisma, and no package of the server', () => {
    const inputs = inputsOf('build/metafile.js.json');
    expect(inputs.length).toBeGreaterThan(50);
    const server =
      /(\.server\.[jt]sx?$|\.test\.|^e2e\/|^prisma\/|node_modules\/(@prisma|pg|pino|stripe|nodemailer|@node-rs|graphile-worker|prom-client|rate-limiter-flexible|@remix-run\/(node|serve))\/)/;
    expect(inputs.filter((input) => server.test(input) && !input.startsWith('empty-module:'))).toEqual([]);
  });

  it('says no word that only the server knows', () => {
    expect(envNames).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRETS']),
    );
    const words = [
      ...envNames,
      'PrismaClient',
      'argon2',
      'whsec_',
      'sk_test_',
      'sk_live_',
      'ledger_grant',
      'stripe-sandbox',
    ];
    const found = browserFiles().flatMap((file) => {
      const text = read(`public/build/${file}`);
      return words.filter((word) => text.includes(word)).map((word) => `${word} in public/build/${file}`);
    });
    expect(found).toEqual([]);
  });

  it.each([
    ['store', 'routes/_store.', 130_000, 3],
    ['console', 'routes/admin.', 250_000, 30],
  ])(
    'sends each page of the %s no more JavaScript, compressed, than is allowed',
    (_part, prefix, limit, least) => {
      const { entry, routes } = readManifest();
      const pages = Object.values(routes).filter((route) => route.id.startsWith(prefix));
      expect(pages.length).toBeGreaterThan(least);
      const sizes = pages.map((page) => {
        const files = new Set([entry.module, ...(entry.imports ?? [])]);
        for (let id: string | undefined = page.id; id !== undefined; id = routes[id]?.parentId) {
          const route = routes[id];
          for (const file of route ? [route.module, ...(route.imports ?? [])] : []) files.add(file);
        }
        const bytes = [...files]
          .map((file) => gzipSync(read(`public${file}`), { level: 6 }).length)
          .reduce((sum, size) => sum + size, 0);
        return { page: page.id, bytes };
      });
      expect(sizes.filter(({ bytes }) => bytes > limit)).toEqual([]);
    },
  );
});

describe('the server bundle', () => {
  it('of the web process holds nothing of e2e and no test', () => {
    const inputs = inputsOf('build/metafile.server.json');
    expect(inputs.length).toBeGreaterThan(50);
    expect(inputs.filter((input) => /(^|\/)e2e\/|\.test\.|\/testing\//.test(input))).toEqual([]);
    expect(read('build/index.js')).not.toContain('stripe-sandbox/');
  });

  it('of the worker holds nothing of e2e and no test', () => {
    const map = z.object({ sources: z.array(z.string()) }).parse(JSON.parse(read('build/worker.js.map')));
    expect(map.sources.length).toBeGreaterThan(10);
    expect(map.sources.filter((source) => /(^|\/)e2e\/|\.test\.|\/testing\//.test(source))).toEqual([]);
  });
});
