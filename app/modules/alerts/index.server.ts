/**
 * Alerts: what a person should know of, told once by mail and by webhook, again while it stands, and once when it is over.
 * Looked at each minute by a worker, and by a web process when no worker lives.
 */
export { type AcknowledgeOutcome, acknowledgeAlert } from './acknowledge-alert.server';
export { evaluateAlerts } from './evaluate-alerts.server';
export { listAlerts } from './list-alerts.server';
export { readAlertRules } from './read-rules.server';
export { sendAlertNotice } from './send-notice.server';
export { readAlertChannel, setAlertChannel, type SetAlertChannelOutcome } from './set-channel.server';
export { setAlertRule, type SetAlertRuleOutcome } from './set-rule.server';
export { startAlertWatch } from './watch-alone.server';
