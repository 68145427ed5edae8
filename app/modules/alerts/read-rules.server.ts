import { type Db, type Tx } from '~/platform/db.server';

import { ALERT_KINDS, type AlertRuleView, ALERTS } from './shared';

/** When each kind is told: as an admin set it, else by its defaults. */
export async function readAlertRules(db: Db | Tx): Promise<AlertRuleView[]> {
  const rows = await db.alertRule.findMany({ take: ALERT_KINDS.length * 2 });
  return ALERT_KINDS.map((kind) => {
    const set = rows.find((row) => row.kind === kind);
    return { ...ALERTS[kind].rule, ...set, kind, isSet: set !== undefined };
  });
}
