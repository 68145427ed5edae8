import * as z from 'zod';

import { isProbeAnswer, PROBE_HEADER, signProbe } from '~/modules/stripe/index.server';
import { seconds } from '~/platform/time';

/** Who answers at a webhook address. */
export type ProbeOutcome =
  | { state: 'ours' }
  /** Credence, with other signing secrets than these. */
  | { state: 'other_installation' }
  /** Asks for a log-in first. */
  | { state: 'protected'; detail: string }
  | { state: 'redirects'; to: string }
  | { state: 'not_found'; status: number }
  | { state: 'unreachable'; reason: string };

const PATIENCE = seconds(6);
const LOG_IN = /log-?in|sign-?in|sso|auth|access/i;

const answerBody = z.object({ received: z.literal(false), code: z.string(), answer: z.string().optional() });

/** Sends a signed probe to a webhook address, and follows no redirect, as Stripe does not. */
export async function probeAddress(url: string, secret: string, now: Date): Promise<ProbeOutcome> {
  const probe = signProbe(secret, now);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { [PROBE_HEADER]: probe, 'Content-Type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    return { state: 'unreachable', reason: reasonOf(error) };
  }
  const text = await response.text().catch(() => '');
  return judge(response, text, (answer) => isProbeAnswer(answer, probe, secret));
}

function judge(
  { status, headers }: Response,
  text: string,
  isOurs: (answer: string) => boolean,
): ProbeOutcome {
  if (status >= 300 && status < 400) {
    const to = headers.get('location') ?? '';
    return LOG_IN.test(to)
      ? { state: 'protected', detail: `it answers ${String(status)} to ${to.split('?')[0] ?? ''}` }
      : { state: 'redirects', to };
  }
  if (status === 401 || status === 403) return { state: 'protected', detail: `it answers ${String(status)}` };
  const body = answerBody.safeParse(jsonOf(text));
  if (status === 400 && body.success) {
    const { code, answer } = body.data;
    if (code === 'probed' && answer !== undefined && isOurs(answer)) return { state: 'ours' };
    return { state: 'other_installation' };
  }
  if (status >= 500) return { state: 'unreachable', reason: `it answers ${String(status)}` };
  return { state: 'not_found', status };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What undici says stands in the cause: ECONNREFUSED, a certificate's fault. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? cause.message || String(cause) : error.message;
}
