import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { OperatorError } from './operator-error';
import { projectRoot } from './project';

const SOURCES = [
  'app',
  'prisma/schema.prisma',
  'package-lock.json',
  'postcss.config.js',
  'remix.config.js',
  'tailwind.config.ts',
  'tsconfig.json',
];
const STAMP = path.join(projectRoot, 'build/stamp');
const OUTPUTS = ['build/index.js', 'build/worker.js', 'public/build'];

/** Builds unless the last build was made from exactly these sources. */
export async function buildIfStale(): Promise<'built' | 'fresh'> {
  const known = await readFile(STAMP, 'utf8').catch(() => null);
  const isComplete = OUTPUTS.every((file) => existsSync(path.join(projectRoot, file)));
  if (isComplete && known === (await hashSources())) return 'fresh';
  await build();
  return 'built';
}

/** Web and worker, for production. */
export async function build(): Promise<void> {
  const stamp = await hashSources();
  await forgetBuild();
  await rm(path.join(projectRoot, 'public/build'), { recursive: true, force: true });
  await runNode([packageBin('@remix-run/dev', 'dist/cli.js'), 'build'], 'The build of the web process');
  await buildWorker();
  await writeFile(STAMP, stamp);
}

/** `remix dev` overwrites the build: the next start must not take it for its own. */
export async function forgetBuild(): Promise<void> {
  await rm(STAMP, { force: true });
}

export function packageBin(name: string, file: string): string {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve(`${name}/package.json`)), file);
}

async function buildWorker(): Promise<void> {
  const esbuild = await import('esbuild');
  await esbuild.build({
    absWorkingDir: projectRoot,
    entryPoints: ['app/entry.worker.ts'],
    outfile: 'build/worker.js',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'error',
  });
}

function runNode(args: string[], what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: projectRoot,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new OperatorError(`${what} failed:\n${output.trim()}`));
    });
  });
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) {
    for (const file of await filesOf(path.join(projectRoot, source))) {
      hash
        .update(path.relative(projectRoot, file))
        .update('\0')
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

async function filesOf(target: string): Promise<string[]> {
  const entries = await readdir(target, { withFileTypes: true, recursive: true }).catch(() => null);
  if (entries === null) return [target];
  return entries
    .filter((entry) => entry.isFile() && !/\.(test\.tsx?|md)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
