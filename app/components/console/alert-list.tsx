import { Link } from '@remix-run/react';
import Check from 'lucide-react/icons/check';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { TimeAgo } from '~/components/ui/time';
import { ALERTS, type AlertView } from '~/modules/alerts/shared';
import { ActDialog } from './act-dialog';
import { ALERT_REASON_OPTIONS, SEVERITY_TONE, SEVERITY_WORD } from './alert-words';

export interface OpenAlertsProps {
  alerts: readonly AlertView[];
  mayAct: boolean;
}

/** What stands. */
export function OpenAlerts({ alerts, mayAct }: OpenAlertsProps) {
  return (
    <div id="alerts">
      <Card title="Open alerts" flush>
        {alerts.length === 0 ? (
          <p className="px-4 py-6 text-text-muted">No alert stands. Every kind is looked at each minute.</p>
        ) : (
          <ul className="divide-y">
            {alerts.map((alert) => (
              <OpenAlert key={alert.id} alert={alert} mayAct={mayAct} />
            ))}
          </ul>
        )}
      </Card>
    </div>
  );
}

/** The latest that are over. */
export function PastAlerts({ alerts }: { alerts: readonly AlertView[] }) {
  if (alerts.length === 0) return null;
  return (
    <Card title="Past alerts" flush>
      <ul className="divide-y">
        {alerts.map((alert) => (
          <PastAlert key={alert.id} alert={alert} />
        ))}
      </ul>
    </Card>
  );
}

interface OpenAlertProps {
  alert: AlertView;
  mayAct: boolean;
}

function OpenAlert({ alert, mayAct }: OpenAlertProps) {
  const { label, severity, means, todo } = ALERTS[alert.kind];
  const { acknowledged } = alert;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-80">
        <p className="flex flex-wrap items-center gap-2">
          <Badge tone={SEVERITY_TONE[severity]}>{SEVERITY_WORD[severity]}</Badge>
          <Link to={alert.page} prefetch="intent" className="prose-link font-medium">
            {label}
          </Link>
          <span className="text-sm text-text-muted">
            since <TimeAgo at={alert.raisedAt} />
          </span>
        </p>
        <p className="mt-1 [overflow-wrap:anywhere]">{alert.detail}</p>
        <p className="mt-1 text-sm text-text-muted">
          {means} {todo}
        </p>
        {acknowledged === null ? null : (
          <p className="mt-1 text-sm [overflow-wrap:anywhere]">
            Acknowledged by {acknowledged.by} <TimeAgo at={acknowledged.at} />: {acknowledged.comment}
          </p>
        )}
      </div>
      {mayAct && acknowledged === null ? (
        <ActDialog
          opener={{ label: 'Acknowledge', icon: Check, size: 'sm' }}
          title={`Acknowledge: ${label}`}
          description="It is not told again unless it grows, and it ends by itself when its cause is gone."
          intent="acknowledge"
          hidden={{ alertId: alert.id }}
          reasons={ALERT_REASON_OPTIONS}
          submitLabel="Acknowledge"
          pendingLabel="Acknowledging…"
        />
      ) : null}
    </li>
  );
}

function PastAlert({ alert }: { alert: AlertView }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2 text-sm">
      <span className="font-medium">{ALERTS[alert.kind].label}</span>
      <span className="min-w-0 flex-1 basis-60 text-text-muted [overflow-wrap:anywhere]">{alert.detail}</span>
      {alert.resolvedAt === null ? null : (
        <span className="text-text-muted">
          over <TimeAgo at={alert.resolvedAt} />
        </span>
      )}
    </li>
  );
}
