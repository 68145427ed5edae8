import { parseArgs } from 'node:util';
import { OperatorError } from './operator-error';
import { chosenMode, given, loadDotEnv } from './project';

const USAGE = `npm run credence -- <command>

  start [--ignore-doctor CODE,CODE…]
                            everything, built: Postgres, Stripe sandbox, web, worker
  dev                       the same with reload
  build                     web and worker, for production
  migrate                   brings the database to the newest migration
  migrate diff              prints the SQL that prisma/migrations lack for prisma/schema.prisma
  migrate new NAME          writes that SQL as a new migration
  seed                      the demo's accounts and packs
  catalog sync              gives every pack its price at Stripe
  doctor [--json] [--offline]
                            what is wrong with this installation, and how it is put right
  stripe setup [--url URL] [--apply] [--live] [--rotate-secret]
                            what Stripe lacks: prices, portal, webhook endpoint; --apply makes or repairs it
  check PAYMENT|CUSTOMER|EMAIL|STRIPE-ID --reason TEXT
                            reads at Stripe what hangs on it, and settles it
  reconcile [--from DAY] [--to DAY] [--kind KIND]… [--repair --reason TEXT] [--json]
                            compares Stripe's objects with our rows; exit code 1 while findings stand
  replay EVENT… --reason TEXT [--dry-run]
  replay --status dead|quarantined|done|dismissed [--type TYPE] [--code CODE] [--from TIME] [--before TIME] --reason TEXT [--dry-run]
  replay --of DRY-RUN --reason TEXT | --show REPLAY | --cancel REPLAY
  incident export PAYMENT|CUSTOMER|EVENT… [--from TIME] [--to TIME] [--start-at TIME] --out FILE --reason TEXT
                            what happened, as a file without names that plays again
  incident replay FILE [--accept]
  verify                    recomputes the chains of ledger and audit
  ledger verify [--from WALLET] [--to WALLET] [--book test|live] [--batch N]
  ledger root --day DAY [--book test|live] [--expect HEX]
  ledger totals [--book test|live] [--at DAY|INSTANT]
  ledger notices --book test|live [--low CREDITS|off] [--expiring DAYS|off]
  api-key create --book test|live --name NAME [--scopes LIST] [--return-origins LIST]
  api-key list | rotate CLIENT [--overlap HOURS] | revoke KEY --reason TEXT
  api-key change|close CLIENT [--scopes LIST] [--return-origins LIST] --reason TEXT
  limit list --book test|live
  limit set --book test|live --role support|finance|admin|api --act ACT
            --per-act N --actor-day N --customer-day N [--unit credits|CURRENCY] --reason TEXT
  pause list | set|clear selling|processing|top_ups|outgoing --book test|live --reason CODE --comment TEXT
  settlement show --book test|live
  settlement set --book test|live --candidate RULE|none [--percentage N] --reason TEXT
  settlement promote|rollback --book test|live --reason TEXT
                            which fact settles a pack: settled-fact, payment-intent, session-completed;
                            --realm REALM in place of --book for an account that sells no more
  endpoint add --book test|live --url URL [--description TEXT] [--types TYPE,TYPE…]
  endpoint list [--book test|live]
  endpoint change ENDPOINT [--url URL] [--description TEXT] [--types TYPE,TYPE…|all] [--on|--off]
  endpoint rotate ENDPOINT [--overlap HOURS]
  endpoint ping|remove ENDPOINT
  endpoint log ENDPOINT [--state pending|sent|failed|canceled] [--before SENDING] | log SENDING
  endpoint replay ENDPOINT --since TIME [--missed] | replay SENDING
  redact EVENT --reason TEXT
  retention list | run | set KIND --days N|off --reason TEXT
                            how long what names people is kept
  user create --email EMAIL --role customer|viewer|support|finance|admin [--name NAME] [--password-stdin]

DATABASE_URL and STRIPE_SECRET_KEY switch to real servers; .env.example lists every setting.
`;

const say = (sentence: string) => void process.stdout.write(`${sentence}\n`);

/** Each command loads what it needs by itself, so that none waits for another's imports. */
async function run(words: string[]): Promise<void> {
  const [command = 'help', ...rest] = words;
  switch (command) {
    case 'start':
    case 'dev': {
      const options = { 'ignore-doctor': { type: 'string' } } as const;
      const { values } = parseArgs({ args: rest, options });
      const { start } = await import('./start');
      return start(command, values['ignore-doctor']);
    }
    case 'build': {
      none(rest);
      const { build } = await import('./build');
      return build();
    }
    case 'migrate': {
      const { migrateCommand } = await import('./migrate-command');
      return migrateCommand(rest, say);
    }
    case 'seed': {
      none(rest);
      refuseOutsideDemo();
      const [{ withDatabase }, { seed }] = await Promise.all([
        import('./database'),
        import('./prepare-data'),
      ]);
      await withDatabase(seed);
      return say('The demo accounts and packs stand.');
    }
    case 'catalog': {
      if (rest.join(' ') !== 'sync') throw new UsageError(`Unknown command: catalog ${rest.join(' ')}`);
      const { closeRooms, syncCatalogWithStripe } = await import('./prepare-data');
      const { kept, made } = await syncCatalogWithStripe().finally(closeRooms);
      return say(`Prices at Stripe: ${made} made, ${kept} kept.`);
    }
    case 'api-key': {
      const { apiKeyCommand } = await import('./api-key-command');
      return apiKeyCommand(rest, say);
    }
    case 'user': {
      const { userCommand } = await import('./user-command');
      return userCommand(rest, say);
    }
    case 'endpoint': {
      const { endpointCommand } = await import('./endpoint-command');
      return endpointCommand(rest, say);
    }
    case 'verify': {
      none(rest);
      const { verifyCommand } = await import('./verify-command');
      return verifyCommand(say);
    }
    case 'doctor': {
      const { doctorCommand } = await import('./doctor-command');
      const isColoured = process.stdout.isTTY && process.env.NO_COLOR === undefined;
      // It could not look: neither fine nor at fault.
      process.exitCode = 2;
      process.exitCode = await doctorCommand(rest, say, isColoured);
      return;
    }
    case 'stripe': {
      const { stripeCommand } = await import('./stripe-command');
      return stripeCommand(rest, say);
    }
    case 'check': {
      const { checkCommand } = await import('./check-command');
      return checkCommand(rest, say);
    }
    case 'reconcile': {
      const { reconcileCommand } = await import('./reconcile-command');
      return reconcileCommand(rest, say);
    }
    case 'replay': {
      const { replayCommand } = await import('./replay-command');
      return replayCommand(rest, say);
    }
    case 'incident': {
      const { incidentCommand } = await import('./incident-command');
      return incidentCommand(rest, say);
    }
    case 'limit': {
      const { limitCommand } = await import('./limit-command');
      return limitCommand(rest, say);
    }
    case 'retention': {
      const { retentionCommand } = await import('./retention-command');
      return retentionCommand(rest, say);
    }
    case 'redact': {
      const { redactCommand } = await import('./retention-command');
      return redactCommand(rest, say);
    }
    case 'pause': {
      const { pauseCommand } = await import('./pause-command');
      return pauseCommand(rest, say);
    }
    case 'settlement': {
      const { settlementCommand } = await import('./settlement-command');
      return settlementCommand(rest, say);
    }
    case 'ledger': {
      const { ledgerCommand } = await import('./ledger-command');
      return ledgerCommand(rest, say);
    }
    case 'help':
    case '--help':
    case '-h':
      return say(USAGE);
    default:
      throw new UsageError(`Unknown command: ${command}`);
  }
}

class UsageError extends OperatorError {}

function none(rest: string[]): void {
  parseArgs({ args: rest, options: {} });
}

/** The demo's passwords are published. */
function refuseOutsideDemo(): void {
  const mode = chosenMode();
  if (mode === 'demo' && given('CREDENCE_DEMO') !== 'refused') return;
  throw new OperatorError(
    `The demo's accounts and packs exist in demo mode only, and this is ${mode}: set CREDENCE_MODE=demo to have them, and in a container CREDENCE_DEMO=allowed.`,
  );
}

function isUsageFault(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

loadDotEnv();
run(process.argv.slice(2)).catch((error: unknown) => {
  if (isUsageFault(error)) process.stderr.write(`${error.message}\n\n${USAGE}`);
  else if (error instanceof OperatorError) process.stderr.write(`${error.message}\n`);
  else if (error instanceof Error && error.name === 'EnvError') process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(process.exitCode ?? 1);
});
