import { startingLarge } from './state-badges';

/** `limit.changed` as people say it: "Limit changed". */
export const actWords = (act: string): string =>
  startingLarge(act.replaceAll(/[._]/g, ' ').replaceAll(/\bapi\b/g, 'API'));

/** Where the page of what was acted on lies, by the prefix of its id. */
const PAGE: Readonly<Record<string, (id: string) => string>> = {
  pay: (id) => `/admin/payments/${id}`,
  mbk: (id) => `/admin/payments?q=${id}`,
  cst: (id) => `/admin/customers/${id}`,
  wal: (id) => `/admin/customers?q=${id}`,
  usr: () => '/admin/settings/team',
  fnd: (id) => `/admin/reconciliation/${id}`,
  rcn: () => '/admin/reconciliation',
  evt: (id) => `/admin/webhooks/events/${id}`,
  rpl: (id) => `/admin/webhooks/replays/${id}`,
  scl: (id) => `/admin/webhooks/calls/${id}`,
  lot: (id) => `/admin/lots/${id}`,
  txf: (id) => `/admin/transfers/${id}`,
  apr: () => '/admin/approvals',
  apc: () => '/admin/settings/api',
  apk: () => '/admin/settings/api',
  whe: () => '/admin/settings/endpoints',
  itm: () => '/admin/settings/catalogue',
  ver: () => '/admin/settings/catalogue',
  rlm: () => '/admin/settings/policies',
};

/** The page of a subject; undefined for what has none. */
export function subjectPage(subject: string, act: string): string | undefined {
  if (act.startsWith('limit.')) return '/admin/settings/limits';
  if (act.startsWith('retention.')) return '/admin/settings/policies';
  if (act.startsWith('settlement.')) return '/admin/settings/settlement';
  if (act.startsWith('alert_')) return '/admin/settings/alerts';
  if (act.startsWith('alert.')) return '/admin/health';
  if (act.startsWith('auto_repair.')) return '/admin/reconciliation';
  if (act.startsWith('pause.')) return '/admin/settings/pauses';
  return PAGE[/^([a-z]{3})_\w+$/.exec(subject)?.[1] ?? '']?.(subject);
}

const KNOWN: Readonly<Record<string, string>> = { system: 'The system', cli: 'The command line' };

/** Who acted: a person by e-mail, the system by name, all others by their id. */
export const actorWords = ({ id, email }: { id: string; email: string | null }): string =>
  email ?? KNOWN[id] ?? id;
