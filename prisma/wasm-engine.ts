import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/**
 * Prisma's schema engine as WASM: the native one would be downloaded at the first use, which fails offline.
 * It reaches Postgres through the pg driver and writes the normal `_prisma_migrations` table, so that
 * `npx prisma migrate deploy` elsewhere agrees with what stands here.
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  schema: { path: string; content: string },
  work: (engine: glue.SchemaEngine) => Promise<T>,
): Promise<T> {
  await loadWasm();
  const factory = new MigrationAdapterFactory(databaseUrl);
  try {
    const engine = await glue.SchemaEngine.new(
      { datamodels: [[schema.path, schema.content]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(factory),
    );
    return await work(engine);
  } finally {
    // The engine never closes its connections, and a database with connections cannot be a template.
    await factory.disposeAll();
  }
}

/** Of the process, as the glue is that holds views of the engine's memory: a second engine would read the first one's. */
const LOADED = Symbol.for('credence.schemaEngine');
const ofProcess: typeof globalThis & { [LOADED]?: Promise<void> } = globalThis;

function loadWasm(): Promise<void> {
  ofProcess[LOADED] ??= instantiate();
  return ofProcess[LOADED];
}

async function instantiate(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const bytes = await readFile(path.join(path.dirname(entry), 'schema_engine_bg.wasm'));
  const imports: WebAssembly.ModuleImports = {};
  for (const [name, value] of Object.entries(glue)) {
    if (typeof value === 'function')
      imports[name] = name.startsWith('__wbg_setTimeout_') ? unrefTimeout : value;
  }
  // Without this registry a panic of the engine ends in a TypeError of its glue, and its message is lost.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => process.stderr.write(`${message}\n`) },
  });
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': imports });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start !== 'function') throw new Error('@prisma/schema-engine-wasm has no __wbindgen_start');
  start();
}

/** The engine sets a timer of 10 s for each lock that it takes; it must not keep the process alive. */
function unrefTimeout(callback: () => void, milliseconds: number): NodeJS.Timeout {
  return setTimeout(callback, milliseconds >>> 0).unref();
}

class MigrationAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres';
  readonly adapterName = '@prisma/adapter-pg';
  private readonly open = new Set<SqlDriverAdapter>();

  constructor(private readonly databaseUrl: string) {}

  async connect(): Promise<SqlDriverAdapter> {
    return this.connectTo(this.databaseUrl, async () => undefined);
  }

  /** The engine replays migrations and schemas here to compare them; the database lives as long as the adapter. */
  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    const name = `credence_shadow_${crypto.randomUUID().replaceAll('-', '')}`;
    await this.onServer(`CREATE DATABASE "${name}"`);
    const url = new URL(this.databaseUrl);
    url.pathname = `/${name}`;
    return this.connectTo(url.href, () => this.onServer(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
  }

  async disposeAll(): Promise<void> {
    for (const adapter of [...this.open]) await adapter.dispose();
  }

  private async onServer(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  private async connectTo(url: string, afterwards: () => Promise<void>): Promise<SqlDriverAdapter> {
    const chars = new CatalogChars();
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    const inner = await new PrismaPg(chars.reading(pool), { disposeExternalPool: true }).connect();
    const adapter: SqlDriverAdapter = {
      provider: inner.provider,
      adapterName: inner.adapterName,
      queryRaw: async (query) => chars.declared(await inner.queryRaw(query)),
      executeRaw: (query) => inner.executeRaw(query),
      // PrismaPg's own executeScript splits on every `;`, inside `$$` bodies too. One query takes a whole script.
      executeScript: async (script) => {
        await inner.executeRaw({ sql: script, args: [], argTypes: [] });
      },
      startTransaction: (level) => inner.startTransaction(level),
      getConnectionInfo: () => inner.getConnectionInfo(),
      dispose: async () => {
        if (!this.open.delete(adapter)) return;
        await inner.dispose();
        await afterwards();
      },
    };
    this.open.add(adapter);
    return adapter;
  }
}

const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * Postgres' catalogues answer in `"char"`, a type that the pg adapter refuses to read and that the engine
 * panics on when it comes as text. So it is read as text here and declared as a character in queryRaw.
 */
class CatalogChars {
  private readonly columns = new WeakMap<object, number[]>();

  reading(pool: pg.Pool): pg.Pool {
    return new Proxy(pool, {
      get: (target, key) => {
        if (key !== 'query') return Reflect.get(target, key, target);
        return async (query: pg.QueryArrayConfig) => {
          const result = await target.query(query);
          const found: number[] = [];
          for (const [index, field] of (result.fields ?? []).entries()) {
            if (field.dataTypeID !== CHAR_OID) continue;
            field.dataTypeID = TEXT_OID;
            found.push(index);
          }
          if (found.length > 0) this.columns.set(result.rows, found);
          return result;
        };
      },
    });
  }

  declared(result: SqlResultSet): SqlResultSet {
    for (const index of this.columns.get(result.rows) ?? [])
      result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  }
}
