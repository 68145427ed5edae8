import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { readAlertRules } from './read-rules.server';
import { type AlertKind, type AlertRule, ALERTS } from './shared';

export type SetAlertRuleOutcome = { outcome: 'set' | 'unchanged' };

/** Sets from when on, and how often, a kind is told. What stands already is judged by it at the next look. */
export async function setAlertRule(
  tx: Tx,
  kind: AlertKind,
  rule: AlertRule,
  by: Author & { reason: string },
): Promise<SetAlertRuleOutcome> {
  // One at a time: what is compared is what is replaced.
  await tx.$queryRaw`SELECT id FROM alert_channel WHERE id = 1 FOR NO KEY UPDATE`;
  const known = (await readAlertRules(tx)).find((one) => one.kind === kind) ?? ALERTS[kind].rule;
  const [before, after] = [ruleAlone(known), ruleAlone(rule)];
  if (JSON.stringify(before) === JSON.stringify(after)) return { outcome: 'unchanged' };
  await tx.alertRule.upsert({
    where: { kind },
    create: { kind, ...after },
    update: after,
    select: { kind: true },
  });
  await appendAudit(tx, { ...by, act: 'alert_rule.changed', subject: `alert:${kind}`, before, after });
  return { outcome: 'set' };
}

const ruleAlone = ({ isOn, threshold, holdMinutes, remindHours }: AlertRule) => ({
  ...{ isOn, threshold, holdMinutes, remindHours },
});
