import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeDataFolder } from './support/data-folder';
import { type Counts, readPlaywrightCounts, readVitestCounts } from './support/read-counts';

/**
 * `npm test`: every check in order, each to its end whatever came before. The last line counts the tests of all steps;
 * a step without tests of its own that fails counts as one failed.
 */
const root = path.resolve(import.meta.dirname, '..');
const output = path.join(import.meta.dirname, '.output');

interface Step {
  name: string;
  args: string[];
  /** Reads the step's report; a step without one has no tests to count. */
  counts?: () => Counts;
}

const report = (name: string) => path.join(output, `${name}.json`);
const bin = (name: string) => path.join(root, 'node_modules', ...name.split('/'));

function vitest(project: string): Step {
  const args = [
    bin('vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
  ];
  args.push(`--outputFile.json=${report(project)}`, '--passWithNoTests=false');
  return { name: `${project} tests`, args, counts: () => readVitestCounts(report(project)) };
}

const isKeyGiven = (process.env.STRIPE_TEST_SECRET_KEY ?? '').trim() !== '';

/** One after the other; those of one line together, for each of them keeps one core busy. */
const STEPS: Step[][] = [
  [{ name: 'api types', args: ['--import', 'tsx', 'e2e/support/write-api-types.ts'] }],
  [
    { name: 'types', args: [bin('typescript/bin/tsc'), '--noEmit'] },
    { name: 'lint', args: [bin('eslint/bin/eslint.js'), '.'] },
  ],
  [
    { name: 'format', args: [bin('prettier/bin/prettier.cjs'), '--check', '.'] },
    { name: 'dead code', args: [bin('knip/bin/knip.js')] },
  ],
  [vitest('unit')],
  [vitest('integration')],
  [{ name: 'build', args: ['--import', 'tsx', 'app/cli/credence.ts', 'build'] }],
  [vitest('built')],
  [
    {
      name: 'browser tests',
      args: [bin('@playwright/test/cli.js'), 'test', '--config', 'e2e/playwright.config.ts'],
      counts: () => readPlaywrightCounts(report('playwright')),
    },
  ],
  [
    {
      name: 'browser tests against Stripe itself',
      args: ['--import', 'tsx', 'e2e/run-on-stripe.ts'],
      // Without a key there is nothing to count.
      ...(isKeyGiven ? { counts: () => readPlaywrightCounts(report('playwright-on-stripe')) } : {}),
    },
  ],
];

/** What a step that failed said last: repeated at the end, where it is looked for. */
const LAST_LINES = 60;

/** A step alone is heard as it speaks; of several at once each is heard when it has ended. */
function run(step: Step, isAlone: boolean): Promise<{ isFine: boolean; lastWords: string }> {
  return new Promise((resolve) => {
    const title = `\n── ${step.name} ──\n`;
    if (isAlone) process.stdout.write(title);
    const child = spawn(process.execPath, step.args, {
      cwd: root,
      env: process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env,
      stdio: ['inherit', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    const hear = (chunk: Buffer) => {
      said.push(chunk);
      if (isAlone) process.stdout.write(chunk);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    child.once('close', (code) => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      const words = Buffer.concat(said).toString();
      if (!isAlone) process.stdout.write(title + words);
      resolve({ isFine: code === 0, lastWords: words.trimEnd().split('\n').slice(-LAST_LINES).join('\n') });
    });
  });
}

const e2eData = makeDataFolder();
process.env.E2E_DATA_DIR = e2eData.folder;
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const total: Counts = { passed: 0, failed: 0 };
const faults: { name: string; lastWords: string }[] = [];
for (const together of STEPS) {
  const ends = await Promise.all(together.map((step) => run(step, together.length === 1)));
  for (const [n, step] of together.entries()) {
    const { isFine = false, lastWords = '' } = ends[n] ?? {};
    const counts = step.counts?.() ?? { passed: 0, failed: 0 };
    total.passed += counts.passed;
    // A run that fails beside its tests (a setup, a crash) is a failure too.
    total.failed += isFine ? counts.failed : Math.max(counts.failed, 1);
    if (!isFine || counts.failed > 0) faults.push({ name: step.name, lastWords });
  }
}
e2eData.remove();
for (const { name, lastWords } of faults)
  process.stdout.write(`\n── Failed: ${name}, its last words ──\n${lastWords}\n`);
if (faults.length > 0) process.stdout.write(`\nFailed: ${faults.map(({ name }) => name).join(', ')}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 ? 1 : 0);
