import { parseArgs } from 'node:util';
import * as z from 'zod';
import { startSandbox } from './index';

const USAGE =
  'npm run sandbox -- --port 4700 [--host 127.0.0.1] [--public-url URL] [--webhook URL --webhook-secret whsec_…] [--live [--live-webhook URL --live-webhook-secret whsec_…]] [--data FOLDER] [--account acct_…] [--name BUSINESS]';

const argsSchema = z.object({
  port: z.coerce.number().int().min(0).max(65_535),
  host: z.string().optional(),
  'public-url': z
    .url()
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
  webhook: z.url().optional(),
  'webhook-secret': z.string().startsWith('whsec_').optional(),
  live: z.boolean().default(false),
  'live-webhook': z.url().optional(),
  'live-webhook-secret': z.string().startsWith('whsec_').optional(),
  data: z.string().optional(),
  account: z
    .string()
    .regex(/^acct_\w{10,}$/)
    .optional(),
  name: z.string().min(1).optional(),
});

function readArgs(): z.output<typeof argsSchema> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      port: { ...text, default: '4700' },
      host: text,
      'public-url': text,
      webhook: text,
      'webhook-secret': text,
      live: { type: 'boolean' },
      'live-webhook': text,
      'live-webhook-secret': text,
      data: text,
      account: text,
      name: text,
    },
  });
  return argsSchema.parse(values);
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) return `${z.prettifyError(error)}\nUsage: ${USAGE}`;
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  const args = readArgs();
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
    businessName: args.name,
  });
  process.stdout.write(`Stripe sandbox ready at ${started.url} (panel ${started.url}/panel)\n`);
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

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${explain(error)}\n`);
  process.exit(1);
});
