export type AuditVerdict =
  | { outcome: 'intact'; rows: bigint }
  /** Row `seq` is the first that its hash or its body's digest does not vouch for. */
  | { outcome: 'broken'; seq: bigint; fault: string };
