import { Link } from '@remix-run/react';
import { ButtonLink } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { TimeAgo } from '~/components/ui/time';
import { type CatalogChoice, type DeadLetterGroup } from '~/modules/admin/shared';
import { hasRole, type StaffRole } from '~/modules/auth/shared';
import { formatCredits } from '~/platform/money';
import { faultWords } from './fault-words';
import { CustomerDialog, PriceDialog } from './mend-dialogs';
import { ReplayMany } from './replay-dialog';
import { EventStatusBadge } from './state-badges';

export interface DeadLetterGroupsProps {
  groups: readonly DeadLetterGroup[];
  role: StaffRole;
  choices: readonly CatalogChoice[];
}

/** What holds them, most of it first, each with what would mend all of its kind at once. */
export function DeadLetterGroups({ groups, role, choices }: DeadLetterGroupsProps) {
  if (groups.length === 0) return null;
  return (
    <Card className="mb-6" title="Why they wait" flush>
      <ul aria-label="Why they wait">
        {groups.map((group) => (
          <li
            key={`${group.realmId} ${group.status} ${group.code ?? ''} ${group.names ?? ''}`}
            className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b px-4 py-3 last:border-b-0"
          >
            <GroupWords group={group} />
            {hasRole(role, 'support') ? (
              <div className="flex flex-wrap items-center gap-2">
                <GroupFix group={group} role={role} choices={choices} />
                <ReplayMany
                  opener={{
                    label:
                      group.count === 1 ? 'Replay it…' : `Replay all ${formatCredits(BigInt(group.count))}…`,
                    size: 'sm',
                  }}
                  realmId={group.realmId}
                  selection={selectionOf(group)}
                  count={group.count}
                />
              </div>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

const selectionOf = ({ status, code, names }: DeadLetterGroup) => ({
  status,
  ...(code === null ? {} : { reason: code }),
  ...(names === null ? {} : { names }),
});

function GroupWords({ group }: { group: DeadLetterGroup }) {
  const { status, code, names, count, oldestAt, realmId } = group;
  const words = faultWords(code, names);
  const params = new URLSearchParams({ status, realm: realmId });
  if (code !== null) params.set('reason', code);
  if (names !== null) params.set('names', names);
  return (
    <div className="min-w-0 flex-1 basis-80 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link to={`?${params.toString()}`} className="prose-link figures font-medium">
          {formatCredits(BigInt(count))} × {words.short}
        </Link>
        <EventStatusBadge status={status} />
        <span className="text-text-muted">
          oldest <TimeAgo at={oldestAt} />
        </span>
      </p>
      <p className="mt-1 text-text-muted [overflow-wrap:anywhere]">
        {words.happened}
        {names === null ? '' : ` It is ${names}.`} {words.next}
      </p>
    </div>
  );
}

interface GroupFixProps {
  group: DeadLetterGroup;
  role: StaffRole;
  choices: readonly CatalogChoice[];
}

/** One person's word that mends all of a group; where each needs its own, they are opened one by one. */
function GroupFix({ group, role, choices }: GroupFixProps) {
  const { realmId, code, names, count, sample } = group;
  const { fix } = faultWords(code, names);
  const seen = { realmId, eventId: sample.id, run: sample.run };
  const mend = { seen, others: count - 1, code, size: 'sm' as const };
  if (fix === 'assign' || fix === 'payment')
    return (
      <ButtonLink to={`/admin/webhooks/events/${sample.id}`} size="sm" prefetch="intent">
        {count === 1 ? 'Open it' : 'Open one'}
      </ButtonLink>
    );
  if (names === null) return null;
  if (fix === 'customer') return <CustomerDialog {...mend} stripeCustomer={names} likely={sample.customer} />;
  if (fix !== 'price') return null;
  return hasRole(role, 'finance') ? (
    <PriceDialog {...mend} stripePrice={names} money={sample.money} choices={choices} />
  ) : (
    <span className="text-xs text-text-muted">What a price sells is finance’s to say.</span>
  );
}
