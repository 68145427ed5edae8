import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { exportIncident, type IncidentFile, incidentFile } from '../../app/modules/incidents/index.server';
import { closeDb, createDb, type Db } from '../../app/platform/db.server';
import { verifyDelivery } from '../../app/modules/stripe/index.server';
import { scenarioSchema } from '../stripe-sandbox/chaos/scenario';
import { startSandbox } from '../stripe-sandbox/index';
import { until } from '../stripe-sandbox/testing/under-test';
import { serve } from '../support/serve';
import { createTestDatabase, useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop } from './testing/plan-shop';
import { openRefundDesk } from './testing/refund-desk';
import { openShop, type Shop } from './testing/sandbox-shop';
import { type Replayed, replayIncident } from './testing/incidents/replay-incident';
import { planRenewed, RECORDED } from './testing/incidents/stories';

/**
 * Each file of e2e/money/incidents is a test: put one there that `credence incident export` wrote. `INCIDENT=FILE` plays
 * that one alone, `INCIDENT_ACCEPT=1` writes what came of it into the file as what must come, and `INCIDENT_RECORD=1`
 * records the sandbox's anew.
 */
const FOLDER = path.join(import.meta.dirname, 'incidents');
const { INCIDENT: given } = process.env;
const files =
  given === undefined
    ? readdirSync(FOLDER)
        .filter((name) => name.endsWith('.json'))
        .map((name) => path.join(FOLDER, name))
    : [path.resolve(given)];

const readFile = (file: string): IncidentFile => incidentFile.parse(JSON.parse(readFileSync(file, 'utf8')));
const write = (file: string, incident: IncidentFile) =>
  writeFileSync(file, `${JSON.stringify(incident, null, 1)}\n`);

async function replayed(incident: IncidentFile): Promise<Replayed> {
  const { url, drop } = await createTestDatabase();
  const db = createDb(url);
  try {
    return await replayIncident(db, incident);
  } finally {
    await closeDb(db);
    await drop();
  }
}

it.each(files.map((file) => [path.basename(file, '.json'), file] as const))(
  'the incident %s ends as it was recorded',
  async (_name, file) => {
    const incident = readFile(file);
    const { differences, ends } = await replayed(incident);
    if (process.env.INCIDENT_ACCEPT !== undefined)
      return write(file, { ...incident, incident: { ...incident.incident, expected: ends } });
    expect(differences.join('\n')).toBe('');
  },
);

describe.skipIf(given !== undefined)('what the sandbox lives', () => {
  const database = useTestDatabase();
  const plans = useTestDatabase();
  let shop: Shop;
  let planShop: PlanShop;
  beforeAll(async () => {
    shop = await openShop(database.db);
    planShop = await openPlanShop(plans.db);
  });
  afterAll(async () => {
    await shop?.sandbox.stop();
    await planShop?.sandbox.stop();
  });

  const exported = async (
    db: Db,
    { settings, realm }: Pick<Shop, 'settings' | 'realm'>,
    about: string,
  ): Promise<IncidentFile> => {
    const act = { actor: 'usr_admin', reason: 'bug_report', comment: 'a test' };
    const told = await exportIncident(db, settings, { realm, about: [about], ...act });
    if (told.outcome !== 'exported') throw new Error(told.outcome);
    return told.file;
  };
  const tryOut = async (name: string, incident: IncidentFile): Promise<void> => {
    if (process.env.INCIDENT_RECORD !== undefined) write(path.join(FOLDER, `${name}.json`), incident);
    expect((await replayed(incident)).differences.join('\n')).toBe('');
  };

  it.each(Object.entries(RECORDED))(
    '%s is exported and ends the same when it is replayed',
    async (name, live) => {
      const scene = { db: database.db, shop, desk: openRefundDesk(database.db, shop) };
      await tryOut(name, await exported(database.db, shop, await live(scene)));
    },
  );

  it('plan-renewed is exported and ends the same when it is replayed', async () => {
    await tryOut('plan-renewed', await exported(plans.db, planShop, await planRenewed(planShop)));
  });

  it('a file that says otherwise than what comes of it is told line by line', async () => {
    const incident = readFile(path.join(FOLDER, 'dispute-won-then-refunded.json'));
    const { expected } = incident.incident;
    const wrong = {
      ...expected,
      // As an older bug had it: a won dispute took the credits for good.
      customers: expected.customers.map((one) => ({ ...one, available: 0, frozen: true })),
      events: expected.events.map((one) =>
        one.type === 'charge.dispute.closed'
          ? { ...one, decision: 'ignored', reason: 'unhandled_type' }
          : one,
      ),
    };
    const { differences } = await replayed({
      ...incident,
      incident: { ...incident.incident, expected: wrong },
    });
    const [customer] = expected.customers;
    const [closed] = expected.events.filter(({ type }) => type === 'charge.dispute.closed');
    expect(differences).toEqual([
      `event charge.dispute.closed ${closed?.id}: decision was "ignored", and is "${closed?.decision}"`,
      `event charge.dispute.closed ${closed?.id}: reason was "unhandled_type", and is "${closed?.reason}"`,
      `customer ${customer?.customer}: available was 0, and is ${customer?.available}`,
      `customer ${customer?.customer}: frozen was true, and is false`,
    ]);
  });

  it('the sandbox’s own player sends a file’s deliveries, signed anew and in their order', async () => {
    const incident = readFile(path.join(FOLDER, 'paid-while-webhooks-were-lost.json'));
    const secret = 'whsec_ofanincident';
    const came: { id: string; verdict: string }[] = [];
    const { url, close } = await serve(({ headers, body }) => {
      const signature = headers.get('stripe-signature');
      const verified = verifyDelivery({ body, signature, secrets: [secret], now: new Date() });
      const { id } = z.object({ id: z.string() }).parse(JSON.parse(body.toString('utf8')));
      came.push({ id, verdict: verified.outcome });
      return { status: verified.outcome === 'verified' ? 200 : 400 };
    });
    const sandbox = await startSandbox({ port: 0, webhook: url, webhookSecret: secret });
    sandbox.sandbox.chaos.replay(scenarioSchema.parse(incident), 100);
    const sent = incident.deliveries.filter(({ isDropped }) => !isDropped);
    await until(() => came.length >= sent.length);
    close();
    await sandbox.stop();
    expect(came.map(({ id }) => id)).toEqual(sent.map(({ eventId }) => eventId));
    expect(came.map(({ verdict }) => verdict)).toEqual(
      sent.map(({ nature }) => (nature === 'genuine' ? 'verified' : 'bad_signature')),
    );
  });
});
