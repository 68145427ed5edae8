import { type StartSnippets } from './docs-view';
import { writeCurl } from './write-snippets.server';

/**
 * What a team types to begin here.
 * @param demoKey the key that the demo publishes; null everywhere else
 */
export function startSnippets(baseUrl: string, demoKey: string | null): StartSnippets {
  return {
    key: `export CREDENCE_KEY=${demoKey ?? 'ck_test_…'}`,
    curl: writeCurl({
      ...{ method: 'GET', baseUrl, path: '/balance' },
      ...{ pathValues: {}, queryValues: { customer: 'user_42' }, headerValues: {}, body: undefined },
    }),
    types: `npm install openapi-fetch
npx openapi-typescript ${baseUrl}/openapi.json \\
  -o credence-api.ts`,
    client: `import createClient from 'openapi-fetch';

import { type paths } from './credence-api';

export const credence = createClient<paths>({
  baseUrl: '${baseUrl}',
  headers: { Authorization: \`Bearer \${process.env.CREDENCE_KEY}\` },
});`,
    spend: `import { credence } from './credence';

/** Once for each job, however often it is called. */
export async function payForJob(user: string, jobId: string, credits: number) {
  const { data, error } = await credence.POST('/spends', {
    params: { header: { 'Idempotency-Key': \`job-\${jobId}\` } },
    body: { customer: user, amount: credits },
  });
  if (data) return { paid: true, left: data.balance.available };
  if (error.code === 'insufficient_credits') return { paid: false, missing: error.shortfall };
  throw new Error(\`\${error.code}: \${error.detail} (\${error.request_id})\`);
}`,
    endpoint: `npm run -s credence -- endpoint add --book test \\
  --url https://app.example.com/credence`,
    hear: `import { Webhook } from 'standardwebhooks';

import { type components } from './credence-api';

type Messages = components['schemas'];
type Heard = Messages['BalanceLowMessage'] | Messages['CreditsGrantedMessage'];

const secret = process.env.CREDENCE_WEBHOOK_SECRET ?? '';

/** Throws at what was not signed; answer 204 once it is kept. */
export async function hear(request: Request): Promise<Heard> {
  const body = await request.text();
  const headers = Object.fromEntries(request.headers);
  return new Webhook(secret).verify(body, headers) as Heard;
}`,
  };
}
