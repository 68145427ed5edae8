import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { Fact, FactList } from '~/components/ui/fact-list';
import { Notice } from '~/components/ui/notice';
import { Timestamp } from '~/components/ui/time';
import { type Tone } from '~/components/ui/tone';
import { type OpenKind, type RealmState } from '~/modules/health/shared';

const KIND_LABEL: Record<OpenKind, string> = {
  payments: 'Payments that are not over',
  orders: 'Plans ordered and not paid',
  refunds: 'Refunds under way',
  disputes: 'Disputes without an end',
  subscriptions: 'Plans that go on',
  events: 'Events without an end',
  calls: 'Calls without an answer',
};

/** Where the console lists them; plans stand with their customers. */
const LIST_OF: Record<OpenKind, string | undefined> = {
  payments: '/admin/payments?state=created&state=open&state=processing&state=review&realm=',
  orders: undefined,
  refunds: '/admin/refunds?realm=',
  disputes: '/admin/disputes?realm=',
  subscriptions: undefined,
  events: '/admin/webhooks/events?realm=',
  calls: '/admin/webhooks/calls?state=open&realm=',
};

/** One account of Stripe in one mode: what its key is needed for. */
export function RealmCard({ state }: { state: RealmState }) {
  const { realm, isHere, open } = state;
  const standing = open.filter(({ count }) => count > 0);
  return (
    <Card
      title={realm.name}
      actions={<Badge tone={isHere ? 'ok' : 'idle'}>{sellsWords(state)}</Badge>}
      {...(isHere ? {} : { className: 'border-line-strong' })}
    >
      {isHere ? null : <KeyNotice state={state} />}
      <FactList>
        <Fact label="Mode">
          <Badge tone={realm.mode === 'live' ? 'idle' : 'warn'}>{realm.mode}</Badge>
        </Fact>
        <Fact label="Account">
          <CopyId id={realm.account} label="account id" />
        </Fact>
        <Fact label="Key">
          {state.heldKey === null ? 'Not held' : <span className="figures">{state.heldKey}</span>}
        </Fact>
        <Fact label="Signing secrets">{state.secrets}</Fact>
        <Fact label="Known since">
          <Timestamp at={state.createdAt} />
        </Fact>
      </FactList>
      {standing.length === 0 ? (
        <p className="mt-4 border-t pt-4 text-sm text-text-muted">Nothing is under way here.</p>
      ) : (
        <div className="mt-4 border-t pt-4">
          <DataTable label={`Under way in ${realm.name}, ${realm.mode}`} minWidth="none">
            <THead>
              <Th>Under way</Th>
              <Th numeric>How many</Th>
              <Th className="hidden sm:table-cell">Oldest</Th>
            </THead>
            <TBody>
              {standing.map(({ kind, count, oldest }) => (
                <Tr key={kind}>
                  <Td wraps>
                    <KindLink kind={kind} realmId={realm.id} />
                  </Td>
                  <Td numeric>{count}</Td>
                  <Td className="hidden sm:table-cell">
                    {oldest === null ? null : <Timestamp at={oldest} />}
                  </Td>
                </Tr>
              ))}
            </TBody>
          </DataTable>
        </div>
      )}
    </Card>
  );
}

function KindLink({ kind, realmId }: { kind: OpenKind; realmId: string }) {
  const list = LIST_OF[kind];
  if (list === undefined) return KIND_LABEL[kind];
  return (
    <Link to={`${list}${realmId}`} className="text-accent-text underline">
      {KIND_LABEL[kind]}
    </Link>
  );
}

function sellsWords({ isHere, sells, realm }: RealmState): string {
  if (isHere) return 'Sells';
  return sells ? `Sold last in the ${realm.mode} book` : 'Sells no more';
}

/** Whether its key is held, and whether it has to be. */
function KeyNotice({ state: { heldKey, key, total, disputableUntil } }: { state: RealmState }) {
  if (heldKey === null && key === 'needed')
    return (
      <KeyWords tone="bad" title="Its key is missing">
        {total} of its rows cannot go on. Nothing of them is lost: put its key and signing secrets among those
        of the former realms, and they do.
      </KeyWords>
    );
  if (heldKey === null)
    return (
      <KeyWords tone="idle" title="Its key is not held">
        Its rows can be read. Nothing of it is under way.
      </KeyWords>
    );
  if (key === 'needed')
    return (
      <KeyWords tone="info" title="Its key is needed">
        What is under way is finished with it. It sells nothing more.
      </KeyWords>
    );
  if (disputableUntil !== null)
    return (
      <KeyWords tone="info" title="Keep its key for now">
        Nothing is under way, and banks may still take payments back until <Timestamp at={disputableUntil} />.
      </KeyWords>
    );
  return (
    <KeyWords tone="ok" title="Its key may be removed">
      Nothing of it is under way: take it out of the settings when you like.
    </KeyWords>
  );
}

function KeyWords({ tone, title, children }: { tone: Tone; title: string; children: ReactNode }) {
  return (
    <Notice tone={tone} title={title} className="mb-4">
      {children}
    </Notice>
  );
}
