import Ban from 'lucide-react/icons/ban';
import KeyRound from 'lucide-react/icons/key-round';
import Pencil from 'lucide-react/icons/pencil';
import RotateCw from 'lucide-react/icons/rotate-cw';
import { Badge } from '~/components/ui/badge';
import { ButtonRow } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { Fact, FactList } from '~/components/ui/fact-list';
import { SelectField } from '~/components/ui/field';
import { EmptyState } from '~/components/ui/states';
import { TimeAgo, Timestamp } from '~/components/ui/time';
import { type ApiClientView, type ApiKeyView } from '~/modules/clients/shared';
import { ActDialog } from './act-dialog';
import { ClientFields } from './api-client-fields';
import { OVERLAPS } from './overlaps';
import { SETTING_REASON_OPTIONS } from './setting-reasons';

const reasons = SETTING_REASON_OPTIONS;

export interface ApiClientCardProps {
  client: ApiClientView;
  /** When the page was read. */
  now: Date;
  mayAct: boolean;
}

/** One client of the API: what it may do, its keys, and the acts on it. */
export function ApiClientCard({ client, now, mayAct }: ApiClientCardProps) {
  const isClosed = client.closedAt !== null;
  return (
    <Card
      title={<span className="[overflow-wrap:anywhere]">{client.name}</span>}
      actions={<Badge tone={isClosed ? 'idle' : 'ok'}>{isClosed ? 'Closed' : 'Open'}</Badge>}
    >
      <FactList>
        <Fact label="Client">
          <CopyId id={client.id} label="client id" />
        </Fact>
        <Fact label="May do">{client.scopes.join(', ') || 'nothing'}</Fact>
        <Fact label="Sends customers back to">{client.returnOrigins.join(', ') || 'nowhere'}</Fact>
        <Fact label="Made">
          <TimeAgo at={client.createdAt} />
        </Fact>
        {client.closedAt === null ? null : (
          <Fact label="Closed">
            <TimeAgo at={client.closedAt} />
          </Fact>
        )}
      </FactList>
      {mayAct && !isClosed ? <ClientActs client={client} /> : null}
      <div className="-mx-4 mt-4 border-t">
        <KeyTable client={client} now={now} mayAct={mayAct && !isClosed} />
      </div>
    </Card>
  );
}

function ClientActs({ client }: { client: ApiClientView }) {
  const hidden = { client: client.id };
  return (
    <div className="mt-3">
      <ButtonRow>
        <ActDialog
          opener={{ label: 'Change', icon: Pencil, size: 'sm' }}
          title={`Change ${client.name}`}
          description="It holds from the client’s next request on."
          {...{ intent: 'change', hidden, reasons, width: 'lg' }}
          submitLabel="Change the client"
          pendingLabel="Changing…"
        >
          {(errors) => <ClientFields client={client} errors={errors} />}
        </ActDialog>
        <ActDialog
          opener={{ label: 'Rotate key', icon: RotateCw, size: 'sm' }}
          title={`Give ${client.name} a new key`}
          description="The former keys stay good beside the new one for a while, so that the product can change over."
          {...{ intent: 'rotate', hidden, reasons }}
          submitLabel="Make a new key"
          pendingLabel="Making it…"
        >
          {(errors) => (
            <SelectField
              label="Former keys stay good for"
              name="overlap"
              defaultValue="24"
              options={OVERLAPS}
              errors={errors['overlap']}
            />
          )}
        </ActDialog>
        <ActDialog
          opener={{ label: 'Close', icon: Ban, size: 'sm' }}
          title={`Close ${client.name} for good?`}
          description="None of its keys opens anything from now on. What it did stays. It cannot be opened again."
          {...{ intent: 'close', hidden, reasons }}
          submitLabel="Close the client"
          pendingLabel="Closing…"
          isDanger
        />
      </ButtonRow>
    </div>
  );
}

function KeyTable({ client, now, mayAct }: ApiClientCardProps) {
  if (client.keys.length === 0)
    return (
      <EmptyState icon={KeyRound} title="No key">
        Rotate makes one.
      </EmptyState>
    );
  return (
    <DataTable label={`Keys of ${client.name}`} minWidth="none">
      <THead>
        <Th>Key</Th>
        <Th className="hidden sm:table-cell">Made</Th>
        <Th className="hidden sm:table-cell">Last used</Th>
        <Th>State</Th>
        {mayAct ? (
          <Th>
            <span className="sr-only">Act</span>
          </Th>
        ) : null}
      </THead>
      <TBody>
        {client.keys.map((key) => (
          <Tr key={key.id}>
            <Td className="w-full max-w-0 truncate font-mono text-xs">{key.hint}</Td>
            <Td className="hidden sm:table-cell">
              <TimeAgo at={key.createdAt} />
            </Td>
            <Td className="hidden sm:table-cell">
              {key.lastUsedAt === null ? (
                <span className="text-text-muted">never</span>
              ) : (
                <TimeAgo at={key.lastUsedAt} />
              )}
            </Td>
            <Td>
              <KeyState apiKey={key} now={now} isClosed={client.closedAt !== null} />
            </Td>
            {mayAct ? (
              <Td numeric>{key.revokedAt === null ? <Revoke apiKey={key} name={client.name} /> : null}</Td>
            ) : null}
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

function Revoke({ apiKey, name }: { apiKey: ApiKeyView; name: string }) {
  return (
    <ActDialog
      opener={{ label: 'Revoke', size: 'sm', variant: 'ghost' }}
      title={`Revoke ${apiKey.hint}?`}
      description={`The next request of ${name} with this key is refused. What it did stays.`}
      {...{ intent: 'revoke', hidden: { apiKey: apiKey.id }, reasons }}
      submitLabel="Revoke the key"
      pendingLabel="Revoking…"
      isDanger
    />
  );
}

function KeyState({ apiKey, now, isClosed }: { apiKey: ApiKeyView; now: Date; isClosed: boolean }) {
  const { revokedAt, expiresAt } = apiKey;
  if (revokedAt !== null)
    return (
      <Badge tone="bad">
        Revoked <TimeAgo at={revokedAt} />
      </Badge>
    );
  if (isClosed) return <Badge tone="idle">Closed</Badge>;
  if (expiresAt === null) return <Badge tone="ok">Good</Badge>;
  if (expiresAt <= now) return <Badge tone="idle">Over</Badge>;
  return (
    <Badge tone="warn">
      Good until <Timestamp at={expiresAt} />
    </Badge>
  );
}
