import Pencil from 'lucide-react/icons/pencil';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { Fact, FactList } from '~/components/ui/fact-list';
import { SelectField, TextareaField, TextField } from '~/components/ui/field';
import { type AlertChannelView, type AlertRuleView, ALERTS } from '~/modules/alerts/shared';
import { ActDialog } from './act-dialog';
import { SEVERITY_TONE, SEVERITY_WORD } from './alert-words';
import { SETTING_REASON_OPTIONS } from './setting-reasons';

const SWITCH = [
  { value: 'on', label: 'On: told' },
  { value: 'off', label: 'Off: told to nobody' },
];

/** Who is told. */
export function AlertChannelCard({ channel, mayAct }: { channel: AlertChannelView; mayAct: boolean }) {
  return (
    <Card
      title="Who is told"
      description="Each alert goes by mail and, if an address is set, by webhook."
      actions={
        mayAct ? (
          <ActDialog
            opener={{ label: 'Change', icon: Pencil, size: 'sm' }}
            title="Who is told of alerts"
            description="A new webhook address gets a signing secret of its own, which is shown once."
            intent="channel"
            reasons={SETTING_REASON_OPTIONS}
            submitLabel="Change who is told"
            pendingLabel="Changing…"
          >
            {(errors) => (
              <>
                <TextareaField
                  label="Mail to"
                  name="mailTo"
                  optional
                  description="Addresses, one a line. Without any, every admin is told."
                  rows={3}
                  defaultValue={channel.mailTo.join('\n')}
                  errors={errors['mailTo']}
                />
                <TextField
                  label="Webhook address"
                  name="webhookUrl"
                  optional
                  description="JSON with a text that Slack shows, signed as Standard Webhooks. Public addresses by https, or hosts that the operator allowed."
                  defaultValue={channel.webhookUrl ?? ''}
                  errors={errors['webhookUrl']}
                />
              </>
            )}
          </ActDialog>
        ) : undefined
      }
    >
      <FactList>
        <Fact label="Mail">{channel.mailTo.length === 0 ? 'Every admin' : channel.mailTo.join(', ')}</Fact>
        <Fact label="Webhook">
          <span className="[overflow-wrap:anywhere]">{channel.webhookUrl ?? 'None'}</span>
        </Fact>
      </FactList>
    </Card>
  );
}

/** What is watched, from when on it is told, and how often. */
export function AlertRuleTable({ rules, mayAct }: { rules: readonly AlertRuleView[]; mayAct: boolean }) {
  return (
    <Card title="What is watched" flush>
      <DataTable label="Alerts" minWidth="sm">
        <THead>
          <Th>Alert</Th>
          <Th>Told from</Th>
          <Th numeric>Held for</Th>
          <Th numeric>Again after</Th>
          {mayAct ? (
            <Th>
              <span className="sr-only">Act</span>
            </Th>
          ) : null}
        </THead>
        <TBody>
          {rules.map((rule) => (
            <RuleRow key={rule.kind} rule={rule} mayAct={mayAct} />
          ))}
        </TBody>
      </DataTable>
    </Card>
  );
}

function RuleRow({ rule, mayAct }: { rule: AlertRuleView; mayAct: boolean }) {
  const { label, severity, unit } = ALERTS[rule.kind];
  return (
    <Tr>
      <Td>
        <span className="inline-flex flex-wrap items-center gap-2">
          <span className="font-medium">{label}</span>
          {rule.isOn ? (
            <Badge tone={SEVERITY_TONE[severity]}>{SEVERITY_WORD[severity]}</Badge>
          ) : (
            <Badge tone="idle">Off</Badge>
          )}
          {rule.isSet ? <span className="text-xs text-text-muted">changed</span> : null}
        </span>
      </Td>
      <Td className="text-text-muted">
        {rule.threshold} {rule.threshold === 1 ? unit.replace(/^(\w+ )?(\w+)s\b/, '$1$2') : unit}
      </Td>
      <Td numeric>{rule.holdMinutes} min</Td>
      <Td numeric>{rule.remindHours} h</Td>
      {mayAct ? (
        <Td numeric>
          <EditRule rule={rule} />
        </Td>
      ) : null}
    </Tr>
  );
}

function EditRule({ rule }: { rule: AlertRuleView }) {
  const { label, unit, means, todo } = ALERTS[rule.kind];
  return (
    <ActDialog
      opener={{ label: 'Change', icon: Pencil, size: 'sm', variant: 'ghost' }}
      title={label}
      description={`${means} ${todo}`}
      intent="rule"
      hidden={{ kind: rule.kind }}
      reasons={SETTING_REASON_OPTIONS}
      submitLabel="Change the alert"
      pendingLabel="Changing…"
    >
      {(errors) => (
        <>
          <SelectField
            label="It is"
            name="isOn"
            options={SWITCH}
            defaultValue={rule.isOn ? 'on' : 'off'}
            errors={errors['isOn']}
          />
          <div className="grid gap-4 sm:grid-cols-3">
            <TextField
              label={`Told from, in ${unit}`}
              name="threshold"
              inputMode="numeric"
              required
              defaultValue={`${rule.threshold}`}
              errors={errors['threshold']}
            />
            <TextField
              label="Held for, in minutes"
              name="holdMinutes"
              inputMode="numeric"
              required
              defaultValue={`${rule.holdMinutes}`}
              errors={errors['holdMinutes']}
            />
            <TextField
              label="Again after, in hours"
              name="remindHours"
              inputMode="numeric"
              required
              defaultValue={`${rule.remindHours}`}
              errors={errors['remindHours']}
            />
          </div>
        </>
      )}
    </ActDialog>
  );
}
