import { type CodeEntry } from './doctor-codes';

const table = <Code extends string>(codes: Record<Code, CodeEntry>) => codes;

/** What the doctor asks of this installation: database, address, secrets, switch of accounts, work. */
export const OWN_CODES = table({
  database_unreachable: {
    ...{ family: 'database', severity: 'fault', stopsStart: true },
    holds: 'The database answers',
    fix: 'Start Postgres, or set DATABASE_URL to where it listens.',
  },
  postgres_old: {
    ...{ family: 'database', severity: 'fault', stopsStart: true },
    holds: 'Postgres is new enough',
    fix: 'Upgrade the server to Postgres 18 or newer (pg_upgrade, or dump and restore).',
  },
  database_read_only: {
    ...{ family: 'database', severity: 'fault', stopsStart: true },
    holds: 'The database can be written to',
    fix: 'Set DATABASE_URL to the primary server, not to a replica.',
  },
  database_not_durable: {
    ...{ family: 'database', severity: 'fault', stopsStart: true },
    holds: 'What is committed survives a crash',
    fix: 'Set {subject} to on for this database and its role.',
  },
  database_storage_unsafe: {
    ...{ family: 'database', severity: 'warning', stopsStart: false },
    holds: 'The server writes so that a crash breaks no page',
    fix: 'Set {subject} to on and restart Postgres, unless your provider says that its storage is durable without it.',
  },
  migrations_pending: {
    ...{ family: 'database', severity: 'fault', stopsStart: true },
    holds: 'Every migration is applied',
    fix: 'npm run credence -- migrate',
  },
  migration_failed: {
    ...{ family: 'database', severity: 'fault', stopsStart: true },
    holds: 'No migration stands half done',
    fix: `See _prisma_migrations.logs of {subject}, mend the cause, and while no migrate runs: update _prisma_migrations set rolled_back_at = now() where migration_name = '{subject}' and finished_at is null and rolled_back_at is null; then npm run credence -- migrate.`,
  },
  pool_too_large: {
    ...{ family: 'database', severity: 'warning', stopsStart: false },
    holds: 'The server has connections for two webs, two workers and a command',
    fix: 'Raise max_connections on the server, or lower DATABASE_POOL.',
  },
  app_url_localhost: {
    ...{ family: 'address', severity: 'fault', stopsStart: true },
    holds: 'APP_URL is a public address',
    fix: 'Set APP_URL to the address that customers type, for example https://credits.example.com.',
  },
  app_url_insecure: {
    ...{ family: 'address', severity: 'fault', stopsStart: false },
    holds: 'APP_URL is https',
    fix: 'Serve it by https and set APP_URL to the https address: Stripe delivers live events to nothing else.',
  },
  app_url_of_platform: {
    ...{ family: 'address', severity: 'warning', stopsStart: false },
    holds: 'APP_URL is not the address of one deployment',
    fix: 'Set APP_URL to {subject}, then npm run credence -- stripe setup --apply.',
  },
  url_unreachable: {
    ...{ family: 'address', severity: 'fault', stopsStart: false },
    holds: 'The webhook address answers',
    fix: 'Start the web process and let {subject} be reached from the internet: DNS, certificate, firewall.',
  },
  url_not_found: {
    ...{ family: 'address', severity: 'fault', stopsStart: false },
    holds: 'The webhook address leads to Credence',
    fix: 'Let the proxy pass {subject} to the web process unchanged, or set APP_URL to where Credence answers.',
  },
  url_redirects: {
    ...{ family: 'address', severity: 'fault', stopsStart: false },
    holds: 'The webhook address answers itself, without a redirect',
    fix: 'Set APP_URL to where {subject} redirects to, then npm run credence -- stripe setup --apply: Stripe follows no redirect.',
  },
  url_protected: {
    ...{ family: 'address', severity: 'fault', stopsStart: false },
    holds: 'Nothing stands before the webhook address and asks for a log-in',
    fix: 'Switch deployment protection off for {subject} (on Vercel: Settings, Deployment Protection), or set APP_URL to a domain without it.',
  },
  url_other_installation: {
    ...{ family: 'address', severity: 'fault', stopsStart: false },
    holds: 'The process that answers has the same signing secrets as this one',
    fix: 'Set the same STRIPE_WEBHOOK_SECRETS there as here, and start the web process at {subject} again.',
  },
  clock_of_stripe: {
    ...{ family: 'address', severity: 'fault', stopsStart: true },
    holds: 'This machine’s clock agrees with Stripe’s',
    fix: 'Switch time synchronization on: timedatectl set-ntp true.',
  },
  clock_of_database: {
    ...{ family: 'address', severity: 'warning', stopsStart: false },
    holds: 'This machine’s clock agrees with the database’s',
    fix: 'Switch time synchronization on here and on the database server: timedatectl set-ntp true.',
  },
  secret_of_other_realm: {
    ...{ family: 'secrets', severity: 'fault', stopsStart: true },
    holds: 'No signing secret belongs to another account or mode',
    fix: 'Replace {subject} in STRIPE_WEBHOOK_SECRETS by the secret of the endpoint of this key’s account and mode, or bring the former STRIPE_SECRET_KEY back.',
  },
  secret_not_set: {
    ...{ family: 'secrets', severity: 'fault', stopsStart: false },
    holds: 'The endpoint’s own secret is set',
    fix: 'Put the secret that setup showed for {subject} into STRIPE_WEBHOOK_SECRETS; if it is lost: npm run credence -- stripe setup --apply --rotate-secret.',
  },
  secret_unproven: {
    ...{ family: 'secrets', severity: 'warning', stopsStart: false },
    holds: 'Each signing secret has verified an event of this account',
    fix: 'Send one event (stripe trigger payment_intent.succeeded, or a purchase) and run the doctor again; take {subject} out if nothing signs with it.',
  },
  signature_failures: {
    ...{ family: 'secrets', severity: 'fault', stopsStart: false },
    holds: 'Stripe’s signatures are verified',
    fix: 'Copy the endpoint’s signing secret (Dashboard, Developers, Webhooks) into STRIPE_WEBHOOK_SECRETS and restart; if it is lost: npm run credence -- stripe setup --apply --rotate-secret.',
  },
  deliveries_of_other_realm: {
    ...{ family: 'secrets', severity: 'fault', stopsStart: false },
    holds: 'No event of another account or mode arrives',
    fix: 'Delete the endpoint of the other mode or account that leads here, and take its secret out of STRIPE_WEBHOOK_SECRETS.',
  },
  deliveries_stale: {
    ...{ family: 'secrets', severity: 'warning', stopsStart: false },
    holds: 'Deliveries arrive soon after they are signed',
    fix: 'Switch time synchronization on (timedatectl set-ntp true), and see that no proxy holds requests back.',
  },
  sealed_unopened: {
    ...{ family: 'secrets', severity: 'fault', stopsStart: true },
    holds: 'ENCRYPTION_KEYS opens what was sealed',
    fix: 'Put the former key behind the new one in ENCRYPTION_KEYS, separated by a comma.',
  },
  key_of_other_account: {
    ...{ family: 'realms', severity: 'fault', stopsStart: true },
    holds: 'The key belongs to the account that this database knows it for',
    fix: 'Set DATABASE_URL to the database of this account, or STRIPE_SECRET_KEY to a key of {subject}.',
  },
  ids_of_other_account: {
    ...{ family: 'realms', severity: 'fault', stopsStart: true },
    holds: 'Stripe knows the ids of this realm’s rows',
    fix: 'Set STRIPE_SECRET_KEY to a key of the account and mode that {subject} belongs to, or DATABASE_URL to the database of this account.',
  },
  key_new: {
    ...{ family: 'realms', severity: 'warning', stopsStart: false },
    holds: 'The key’s account already sells here',
    fix: 'Start with this key if the switch is meant, after npm run credence -- stripe setup --apply; else set STRIPE_SECRET_KEY back to a key of {subject}.',
  },
  former_realm_open: {
    ...{ family: 'realms', severity: 'warning', stopsStart: false },
    holds: 'No former account has something open that no key finishes',
    fix: 'Put the key and signing secrets of {subject} into STRIPE_FORMER_REALMS, and keep its endpoint, until nothing of it is open.',
  },
  worker_down: {
    ...{ family: 'work', severity: 'fault', stopsStart: false },
    holds: 'A worker lives',
    fix: 'Start a worker: npm start runs one, node build/worker.js one more.',
  },
  work_waits: {
    ...{ family: 'work', severity: 'fault', stopsStart: false },
    holds: 'Work is done soon after it is due',
    fix: 'Start another worker (node build/worker.js) or raise WORKER_CONCURRENCY; look at the worker’s log first.',
  },
  mail_unreachable: {
    ...{ family: 'work', severity: 'fault', stopsStart: false },
    holds: 'The mail server lets this installation in',
    fix: 'Put host, port, user and password of SMTP_URL right: smtps:// is port 465, smtp:// with STARTTLS port 587.',
  },
  paused: {
    ...{ family: 'work', severity: 'warning', stopsStart: false },
    holds: 'Nothing is paused',
    fix: 'npm run credence -- pause clear {subject} --reason over --comment TEXT',
  },
});
