import { parseArgs } from 'node:util';
import * as z from 'zod';
import { MIX_PRESETS } from './chaos/mix';
import { parseChaos } from './chaos/parse-mix';
import { settingsPatchSchema, type SettingsPatch } from './settings';

export const HELP = `A local Stripe: its API, its hosted pages, its webhooks, and a panel to look at them.

  npm run sandbox -- --port 4700 --webhook http://127.0.0.1:3000/webhooks/stripe

Point the official SDK at it:
  new Stripe('sk_test_1234567890abcdef', { host: '127.0.0.1', port: 4700, protocol: 'http' })

Where it listens
  --port 4700              0 takes any free port
  --host 127.0.0.1
  --public-url URL         where browsers reach it, if that is somewhere else

Webhooks
  --webhook URL            gets every event; may be given several times, and may be left out
  --webhook-secret whsec_… signs for the --webhook at the same place; without it a secret is made and printed
  stripe listen --api-base http://127.0.0.1:4700 --api-key sk_test_1234567890abcdef works too

State
  --data FOLDER            keeps everything there; without it everything ends with the process
  --account acct_…         fixed at the first start of a folder
  --name BUSINESS          what receipts and pages are headed with
  --live                   plays the live mode beside the test mode, for sk_live_… keys
  --live-webhook URL, --live-webhook-secret whsec_…
  --accounts acct_1B…      plays one more account for the keys that name it: sk_test_51B… and sk_live_51B… are of
                           acct_1B…; may be given several times. Their webhooks are made by the API.

Manners and faults
  --settings KEY=VALUE     may be given several times: order=shuffle, retries=real, settleDelayMs=100 …
                           GET /_control/settings lists them all
  --chaos seed=42          things go wrong, the same way for the same seed and the same acts
  --chaos seed=42,duplicate=0.3,drop=x2,delay=0.5,delay_ms=100-900
                           0.3 is a chance, x2 the first two times, 0.3x2 two times at most
  --chaos seed=42,preset=losses
                           ${Object.keys(MIX_PRESETS).join(', ')}
  --chaos off              a --data folder keeps its chaos until then
  --replay FILE            sends the deliveries of a run again; GET /_control/run writes such a file
  --speed 1                of the replay

  --help
`;

const secret = z.string().startsWith('whsec_');
const webUrl = z.url({ protocol: /^https?$/, error: 'An http or https URL is expected.' });
const PORT_EXPECTED = 'A number from 0 to 65535 is expected.';
const argsShape = z.object({
  help: z.boolean().default(false),
  port: z.coerce.number(PORT_EXPECTED).int(PORT_EXPECTED).min(0, PORT_EXPECTED).max(65_535, PORT_EXPECTED),
  host: z.string().optional(),
  'public-url': webUrl.transform((url) => url.replace(/\/$/, '')).optional(),
  webhook: z.array(webUrl).optional(),
  'webhook-secret': z.array(secret).optional(),
  live: z.boolean().default(false),
  'live-webhook': z.array(webUrl).optional(),
  'live-webhook-secret': z.array(secret).optional(),
  data: z.string().optional(),
  account: z
    .string()
    .regex(/^acct_\w{10,}$/)
    .optional(),
  accounts: z.array(z.string().regex(/^acct_\w{4,}$/)).optional(),
  name: z.string().min(1).optional(),
  settings: z.array(z.string()).default([]).transform(parseSettings),
  /** null: no more of what the folder's last start threw. */
  chaos: z
    .string()
    .transform((text) => (text === 'off' ? null : parseChaos(text)))
    .optional(),
  replay: z.string().optional(),
  speed: z.coerce.number().positive().default(1),
});
const argsSchema = argsShape.refine((args) => args.live || args['live-webhook'] === undefined, {
  path: ['live-webhook'],
  error: 'It needs --live.',
});

/** What the command line says. What it does not understand raises a ZodError or a TypeError. */
export function readArgs(argv: string[]): z.output<typeof argsSchema> {
  const text = { type: 'string' } as const;
  const texts = { type: 'string', multiple: true } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: argv,
    options: {
      help: flag,
      port: { ...text, default: '4700' },
      host: text,
      'public-url': text,
      webhook: texts,
      'webhook-secret': texts,
      live: flag,
      'live-webhook': texts,
      'live-webhook-secret': texts,
      data: text,
      account: text,
      accounts: texts,
      name: text,
      settings: texts,
      chaos: text,
      replay: text,
      speed: text,
    },
  });
  return argsSchema.parse(values);
}

/** `KEY=VALUE` each; a value that is JSON is what it says, any other is text. */
function parseSettings(parts: readonly string[]): SettingsPatch {
  const entries = parts.map((part) => {
    const [key = '', ...rest] = part.split('=');
    return [key, valueOf(rest.join('='))];
  });
  return settingsPatchSchema.parse(Object.fromEntries(entries));
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
