import { existsSync } from 'node:fs';
import path from 'node:path';

export const projectRoot = path.resolve(import.meta.dirname, '../..');

/** What stands in .env counts where the environment itself says nothing. */
export function loadDotEnv(): void {
  const file = path.join(projectRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/** A variable that is set to something; blank counts as unset, as in platform/env. */
export function given(name: string): string | undefined {
  const value = process.env[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** Without a word about it, a real Stripe account means production and the sandbox means demo. */
export function chosenMode(): string {
  return given('CREDENCE_MODE') ?? (given('STRIPE_SECRET_KEY') === undefined ? 'demo' : 'production');
}

/** The folder of everything that a running Credence keeps on this machine. */
export function dataFolder(): string {
  return path.resolve(projectRoot, given('CREDENCE_DATA_DIR') ?? '.credence');
}

export function postgresFolder(): string {
  return path.join(dataFolder(), 'postgres');
}

/** The arguments that make node, started in the project, run a TypeScript file of it. */
export function tsxArgs(file: string): string[] {
  return ['--import', 'tsx', path.join(projectRoot, file)];
}
