import { Link } from '@remix-run/react';
import Pencil from 'lucide-react/icons/pencil';
import Power from 'lucide-react/icons/power';
import Radio from 'lucide-react/icons/radio';
import RotateCw from 'lucide-react/icons/rotate-cw';
import Trash2 from 'lucide-react/icons/trash-2';
import { Badge } from '~/components/ui/badge';
import { ButtonRow } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { SelectField } from '~/components/ui/field';
import { Notice } from '~/components/ui/notice';
import { TimeAgo } from '~/components/ui/time';
import { type Tone } from '~/components/ui/tone';
import { ActDialog } from './act-dialog';
import { EndpointFields } from './endpoint-fields';
import { OVERLAPS } from './overlaps';
import { SETTING_REASON_OPTIONS } from './setting-reasons';

type State = 'on' | 'off' | 'disabled' | 'removed';

/** An address of the product as its page shows it; never its secret. */
export interface ShownEndpoint {
  id: string;
  book: 'test' | 'live';
  url: string;
  description: string;
  types: string[];
  state: State;
  reason: string | null;
  failingSince: Date | null;
  lastSentAt: Date | null;
  pending: number;
}

const STATE: Record<State, { word: string; tone: Tone }> = {
  on: { word: 'On', tone: 'ok' },
  off: { word: 'Off', tone: 'idle' },
  disabled: { word: 'Disabled', tone: 'bad' },
  removed: { word: 'Removed', tone: 'idle' },
};

export interface EndpointCardProps {
  endpoint: ShownEndpoint;
  known: readonly string[];
  mayAct: boolean;
}

/** One endpoint: what it hears, how it fares, and the acts on it. */
export function EndpointCard({ endpoint, known, mayAct }: EndpointCardProps) {
  const { word, tone } = STATE[endpoint.state];
  return (
    <Card
      title={<span className="[overflow-wrap:anywhere]">{endpoint.url}</span>}
      description={endpoint.description === '' ? undefined : endpoint.description}
      actions={<Badge tone={tone}>{word}</Badge>}
    >
      <Health endpoint={endpoint} />
      <FactList>
        <Fact label="Endpoint">
          <CopyId id={endpoint.id} label="endpoint id" />
        </Fact>
        <Fact label="Hears">{endpoint.types.length === 0 ? 'everything' : endpoint.types.join(', ')}</Fact>
        <Fact label="Last message that arrived">
          {endpoint.lastSentAt === null ? 'none yet' : <TimeAgo at={endpoint.lastSentAt} />}
        </Fact>
        <Fact label="On their way">{endpoint.pending}</Fact>
        <Fact label="What was sent">
          <Link className="prose-link" to={`/admin/webhooks/outgoing?endpoint=${endpoint.id}`}>
            Show its messages
          </Link>
        </Fact>
      </FactList>
      {mayAct ? <EndpointActs endpoint={endpoint} known={known} /> : null}
    </Card>
  );
}

function Health({ endpoint: { state, reason, failingSince } }: Pick<EndpointCardProps, 'endpoint'>) {
  if (state === 'disabled')
    return (
      <Notice tone="bad" className="mb-3" title="It was switched off by itself">
        {reason === 'gone'
          ? 'It answered 410: your product says that nobody listens there any more.'
          : 'For a day, every try to reach it failed.'}{' '}
        Messages are still written. Switch it on once it answers, then replay what it missed.
      </Notice>
    );
  if (failingSince === null) return null;
  return (
    <Notice tone="warn" className="mb-3">
      Every try has failed since <TimeAgo at={failingSince} />.
    </Notice>
  );
}

function EndpointActs({ endpoint, known }: Omit<EndpointCardProps, 'mayAct'>) {
  const { host } = new URL(endpoint.url);
  const shared = { hidden: { endpoint: endpoint.id }, reasons: SETTING_REASON_OPTIONS };
  const isOn = endpoint.state === 'on';
  return (
    <div className="mt-3">
      <ButtonRow>
        {isOn ? (
          <ActDialog
            opener={{ label: 'Send ping', icon: Radio, size: 'sm' }}
            title={`Send a ping to ${host}`}
            description="One signed message that says nothing but that it came, to this endpoint alone."
            {...{ ...shared, intent: 'ping' }}
            submitLabel="Send the ping"
            pendingLabel="Sending…"
          />
        ) : null}
        <ActDialog
          opener={{ label: 'Change', icon: Pencil, size: 'sm' }}
          title={`Change ${host}`}
          description="What waits for its next try goes to the new address."
          {...{ ...shared, intent: 'change', width: 'lg' }}
          submitLabel="Change the endpoint"
          pendingLabel="Changing…"
        >
          {(errors) => <EndpointFields endpoint={endpoint} known={known} errors={errors} />}
        </ActDialog>
        <ActDialog
          opener={{ label: 'Rotate secret', icon: RotateCw, size: 'sm' }}
          title={`Give ${host} another secret`}
          description="For a while both sign, so that your product can change over."
          {...{ ...shared, intent: 'rotate' }}
          submitLabel="Make a new secret"
          pendingLabel="Making it…"
        >
          {(errors) => (
            <SelectField
              label="The former secret signs too for"
              name="overlap"
              defaultValue="24"
              options={OVERLAPS}
              errors={errors['overlap']}
            />
          )}
        </ActDialog>
        <ActDialog
          opener={{ label: isOn ? 'Switch off' : 'Switch on', icon: Power, size: 'sm' }}
          title={isOn ? `Switch ${host} off?` : `Switch ${host} on?`}
          description={
            isOn
              ? 'What is on its way to it is canceled and can be replayed. Messages are still written.'
              : 'It hears what happens from now on. What it missed is sent by a replay.'
          }
          {...{ ...shared, intent: isOn ? 'off' : 'on' }}
          submitLabel={isOn ? 'Switch it off' : 'Switch it on'}
          pendingLabel="Switching…"
          isDanger={isOn}
        />
        <ActDialog
          opener={{ label: 'Remove', icon: Trash2, size: 'sm', variant: 'ghost' }}
          title={`Remove ${host} for good?`}
          description="Its secrets are forgotten and it hears nothing more. What it was sent stays readable."
          {...{ ...shared, intent: 'remove' }}
          submitLabel="Remove the endpoint"
          pendingLabel="Removing…"
          isDanger
        />
      </ButtonRow>
    </div>
  );
}
