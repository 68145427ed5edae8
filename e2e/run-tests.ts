import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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

/** One after the other; those of one line together, for each of them keeps one core busy. */
const STEPS: Step[][] = [
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
];

/** A step alone speaks for itself; of several at once each is heard when it has ended. */
function run(step: Step, isAlone: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const title = `\n── ${step.name} ──\n`;
    if (isAlone) process.stdout.write(title);
    const child = spawn(process.execPath, step.args, {
      cwd: root,
      stdio: ['inherit', isAlone ? 'inherit' : 'pipe', isAlone ? 'inherit' : 'pipe'],
    });
    const said: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', pass);
    process.on('SIGTERM', pass);
    child.once('close', (code) => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      if (!isAlone) process.stdout.write(title + Buffer.concat(said).toString());
      resolve(code === 0);
    });
  });
}

// Outside the checkout, so that it can be entered by Postgres' user wherever the checkout lies.
const e2eData = mkdtempSync(path.join(os.tmpdir(), 'credence-e2e-'));
process.env.E2E_DATA_DIR = path.join(e2eData, 'data');
chmodSync(e2eData, 0o755);
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
const total: Counts = { passed: 0, failed: 0 };
const faults: string[] = [];
for (const together of STEPS) {
  const ends = await Promise.all(together.map((step) => run(step, together.length === 1)));
  for (const [n, step] of together.entries()) {
    const isFine = ends[n] === true;
    const counts = step.counts?.() ?? { passed: 0, failed: 0 };
    total.passed += counts.passed;
    // A run that fails beside its tests (a setup, a crash) is a failure too.
    total.failed += isFine ? counts.failed : Math.max(counts.failed, 1);
    if (!isFine || counts.failed > 0) faults.push(step.name);
  }
}
rmSync(e2eData, { recursive: true, force: true });
if (faults.length > 0) process.stdout.write(`\nFailed: ${faults.join(', ')}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 ? 1 : 0);
