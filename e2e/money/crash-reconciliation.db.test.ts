import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { beforeAll, describe, expect, it } from 'vitest';

import { tsxArgs } from '../../app/cli/project';
import { forEachOf } from '../../app/modules/payments/testing/orders';
import { days, minutes } from '../../app/platform/time';
import { reconcilingAt } from './testing/reconciling-shop';
import { useTestStore } from './testing/store';

/** Whole processes that walk a run: killed amid its pages, and side by side. */
const store = useTestStore();
const { stripe, heardSale } = reconcilingAt(store);
/** More than a page of each kind. */
const MISSED = 112;
const missed: string[] = [];

beforeAll(async () => {
  await forEachOf(Array.from({ length: MISSED }), 4, async () => missed.push(await store.shop.sell()));
  const refunded = await heardSale();
  const of = { payment_intent: await store.shop.intentOf(refunded), amount: 500 };
  missed.push((await stripe().refunds.create(of)).id);
}, minutes(4));

/** A process that walks this span, or goes on with it. */
function walkFrom(from: Date): ChildProcess {
  const { settings, realm } = store.shop;
  const words = [store.url, realm.id, settings.apiBase ?? '', settings.secretKey, from.toISOString()];
  const args = [...tsxArgs('e2e/money/testing/doomed-run.ts'), ...words];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What it tells, until it told so many lines or has ended. */
function told(child: ChildProcess, most = Number.POSITIVE_INFINITY): Promise<string[]> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error('The process tells nothing.');
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      if (lines.length === most) resolve(lines);
    });
    child.once('error', reject);
    child.once('close', () => {
      resolve(lines);
    });
  });
}

async function killAfter(child: ChildProcess, lines: number): Promise<string[]> {
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const heard = await told(child, lines);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  return heard;
}

/** What a killed process held is free once its lease is over. */
const passLeases = () =>
  store.db
    .$executeRaw`UPDATE reconcile_part SET leased_until = clock_timestamp() WHERE leased_until IS NOT NULL`;

/** How many objects of each kind Stripe has. */
async function madeAtStripe(): Promise<Record<string, number>> {
  const all = { limit: 10_000 };
  const lists = {
    'checkout.session': stripe().checkout.sessions.list({ limit: 100 }).autoPagingToArray(all),
    payment_intent: stripe().paymentIntents.list({ limit: 100 }).autoPagingToArray(all),
    charge: stripe().charges.list({ limit: 100 }).autoPagingToArray(all),
    invoice: stripe().invoices.list({ limit: 100 }).autoPagingToArray(all),
    refund: stripe().refunds.list({ limit: 100 }).autoPagingToArray(all),
  };
  const counts: Record<string, number> = { subscription: 0, dispute: 0 };
  for (const [kind, list] of Object.entries(lists)) counts[kind] = (await list).length;
  return counts;
}

/** The one run that is done, walked whole: each object counted once, and each difference one finding. */
async function expectWhole(from: Date, runId: string): Promise<void> {
  const runs = await store.db.reconcileRun.findMany({ where: { from }, include: { parts: true } });
  expect(runs).toMatchObject([{ id: runId, state: 'done' }]);
  const parts = runs.flatMap(({ parts: walked }) => walked);
  expect(parts.every(({ doneAt, lease }) => doneAt !== null && lease === null)).toBe(true);
  const seen = parts.filter(({ kind }) => kind !== 'payments').map(({ kind, seen: n }) => [kind, Number(n)]);
  expect(Object.fromEntries(seen)).toEqual(await madeAtStripe());
  const findings = await store.db.finding.findMany({ orderBy: { subject: 'asc' } });
  expect(findings.map(({ subject }) => subject)).toEqual([...missed].sort());
  expect(new Set(findings.map(({ state }) => state))).toEqual(new Set(['open']));
}

const endOf = (lines: readonly string[]) => lines.at(-1)?.split(' ') ?? [];

describe('a process that walks a run', () => {
  it('is killed again and again, and the run ends all the same', { timeout: minutes(5) }, async () => {
    const from = new Date(Date.now() - days(2));
    let cutWithin = 0;
    for (const lines of [40, 104, 60]) {
      const heard = await killAfter(walkFrom(from), lines);
      if (heard.at(-1)?.startsWith('read') === true) cutWithin += 1;
      expect(await store.db.reconcileRun.findMany({ where: { from } })).toMatchObject([{ state: 'running' }]);
      await passLeases();
    }
    // Most of them within a page, whose findings stand in part.
    expect(cutWithin).toBeGreaterThanOrEqual(2);
    const [, outcome, runId = ''] = endOf(await told(walkFrom(from)));
    expect(outcome).toBe('done');
    await expectWhole(from, runId);
  });

  it(
    'shares it with another one, and ends it alone when that is killed',
    { timeout: minutes(5) },
    async () => {
      const from = new Date(Date.now() - days(1));
      const [stays, dies] = [walkFrom(from), walkFrom(from)];
      const [heard, lost] = await Promise.all([told(stays), killAfter(dies, 20).then(andPassLeases)]);
      const [, outcome, runId = ''] = endOf(heard);
      expect(outcome).toBe('done');
      expect(lost.length).toBeGreaterThanOrEqual(20);
      await expectWhole(from, runId);

      async function andPassLeases(lines: string[]): Promise<string[]> {
        // The one that lives renews its own by what it does next.
        await passLeases();
        return lines;
      }
    },
  );
});
