import Send from 'lucide-react/icons/send';
import { useState } from 'react';
import { SelectField, TextField } from '~/components/ui/field';
import { RESEND_REASON_LABEL, RESEND_REASONS } from '~/modules/outbox/shared';
import { ActDialog, type ActDialogProps } from './act-dialog';
import { EVENT_ACTS, RESEND_INTENTS } from './event-acts';

const REASONS = RESEND_REASONS.map((value) => ({ value, label: RESEND_REASON_LABEL[value] }));

export interface ResendTheseProps {
  opener: ActDialogProps['opener'];
  sendings: readonly { id: string; endpoint: { id: string } }[];
}

/** Sends what was picked once more, each as a row of its own. */
export function ResendThese({ opener, sendings }: ResendTheseProps) {
  const said = sendings.length === 1 ? '1 message' : `${sendings.length} messages`;
  return (
    <ActDialog
      opener={opener}
      title={`Send ${said} again`}
      description="The product gets the same body under the same webhook-id, and tells a repeat by that."
      action={EVENT_ACTS.resend}
      intent={RESEND_INTENTS.these}
      hidden={{
        sendings: JSON.stringify(sendings.map(({ id, endpoint }) => ({ id, endpoint: endpoint.id }))),
      }}
      reasons={REASONS}
      submitLabel={`Send ${said} again`}
      pendingLabel="Sending…"
    />
  );
}

export interface ResendManyProps {
  endpoints: readonly { id: string; url: string; state: string }[];
  /** A UTC day. */
  today: string;
}

/** What an endpoint did not get since a day. */
export function ResendMany({ endpoints, today }: ResendManyProps) {
  const [what, setWhat] = useState<'failed' | 'missed'>('failed');
  const on = endpoints.filter(({ state }) => state === 'on');
  return (
    <ActDialog
      opener={{ label: 'Send again…', icon: Send }}
      title="Send what an endpoint did not get"
      description="Each message once, the oldest first. What arrived is not sent again."
      action={EVENT_ACTS.resend}
      intent={RESEND_INTENTS[what]}
      reasons={REASONS}
      submitLabel="Send again"
      pendingLabel="Sending…"
    >
      {(errors) => (
        <>
          <SelectField
            label="To"
            name="endpoint"
            defaultValue={on.length === 1 ? on[0]?.id : ''}
            required
            errors={errors['endpoint']}
            options={[
              { value: '', label: on.length === 0 ? 'No endpoint is on' : 'Choose…' },
              ...on.map(({ id, url }) => ({ value: id, label: url })),
            ]}
          />
          <SelectField
            label="What"
            name="what"
            value={what}
            onChange={(event) => setWhat(event.currentTarget.value === 'missed' ? 'missed' : 'failed')}
            options={[
              { value: 'failed', label: 'What was given up or canceled' },
              { value: 'missed', label: 'What was never on its way to it' },
            ]}
          />
          <TextField
            label="Since (UTC day)"
            name="since"
            type="date"
            defaultValue={today}
            required
            errors={errors['since']}
          />
        </>
      )}
    </ActDialog>
  );
}
