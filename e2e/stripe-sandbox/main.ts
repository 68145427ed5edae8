import { readFile } from 'node:fs/promises';
import { startSandbox, type StartedSandbox } from './index';
import { HELP, readArgs } from './main-args';
import { scenarioSchema } from './chaos/scenario';
import type { StartedWebhook } from './engine/start-endpoints';
import * as z from 'zod';

async function main(): Promise<void> {
  const args = readArgs(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(HELP);
    return;
  }
  const scenario =
    args.replay === undefined
      ? undefined
      : scenarioSchema.parse(JSON.parse(await readFile(args.replay, 'utf8')));
  const started = await startSandbox({
    port: args.port,
    host: args.host,
    publicUrl: args['public-url'],
    webhook: args.webhook,
    webhookSecret: args['webhook-secret'],
    live: args.live
      ? { webhook: args['live-webhook'], webhookSecret: args['live-webhook-secret'] }
      : undefined,
    data: args.data,
    account: args.account,
    accounts: args.accounts?.map((account) => ({ account })),
    businessName: args.name,
    settings: args.settings,
  });
  if (args.chaos !== undefined) started.sandbox.chaos.set(args.chaos);
  process.stdout.write(welcome(started, args.live));
  if (scenario) {
    const outcome = started.sandbox.chaos.replay(scenario, args.speed);
    process.stdout.write(`Replay: ${JSON.stringify(outcome)}\n`);
  }
  stopWhenTold(started);
}

function welcome({ url, webhooks, liveWebhooks }: StartedSandbox, isLive: boolean): string {
  const lines = [
    `Stripe sandbox ready at ${url} (panel ${url}/panel)`,
    '  Key       sk_test_1234567890abcdef, or any other sk_test_… of this form',
    ...(isLive ? ['  Live key  sk_live_1234567890abcdef, or any other sk_live_…'] : []),
    ...webhooks.map((webhook) => webhookLine('Webhook  ', webhook)),
    ...liveWebhooks.map((webhook) => webhookLine('Live hook', webhook)),
    ...(webhooks.length === 0
      ? ['  No webhook yet: --webhook URL, the API, or stripe listen adds one.']
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function webhookLine(label: string, { url, secret }: StartedWebhook): string {
  return `  ${label} ${url} signed with ${secret}`;
}

function stopWhenTold(started: StartedSandbox): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void started.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) return `${z.prettifyError(error)}\nSee --help.`;
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${explain(error)}\n`);
  process.exit(1);
});
