import { Link } from '@remix-run/react';
import { type ReactNode, useState } from 'react';
import { Badge } from '~/components/ui/badge';
import { Card } from '~/components/ui/card';
import { EmptyState } from '~/components/ui/states';
import { TimeAgo } from '~/components/ui/time';
import { ROLE_LABELS } from '~/modules/auth/shared';
import {
  EndSessionsDialog,
  type Person,
  RemoveDialog,
  ResetTwoStepDialog,
  RoleDialog,
  WithdrawDialog,
} from './team-dialogs';

export interface Member extends Person {
  hasTotp: boolean;
  sessions: number;
  lastSeenAt: Date | null;
  createdAt: Date;
}

/** Rows stay where they stood when the page opened: the dialog in one that an act takes away still says how it ended. */
function useKept<Row extends { id: string }>(rows: readonly Row[]) {
  const [first] = useState(rows);
  const gone = first.filter(({ id }) => rows.every((row) => row.id !== id));
  return [
    ...rows.map((row) => ({ row, was: first.find(({ id }) => id === row.id), isGone: false })),
    ...gone.map((row) => ({ row, was: row, isGone: true })),
  ];
}

function Row({ who, facts, acts }: { who: ReactNode; facts: ReactNode; acts: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72 space-y-1">
        <p className="flex flex-wrap items-center gap-2 [overflow-wrap:anywhere]">{who}</p>
        <p className="text-xs text-text-muted">{facts}</p>
      </div>
      {acts === undefined ? null : <div className="flex flex-wrap gap-2">{acts}</div>}
    </li>
  );
}

/** Who works here. Nobody acts on their own account. */
export function MemberList({
  members,
  self,
  mayAct,
}: {
  members: readonly Member[];
  self: string;
  mayAct: boolean;
}) {
  const kept = useKept(members);
  return (
    <Card flush title="On the team">
      <ul aria-label="On the team" className="divide-y">
        {kept.map(({ row: person, was, isGone }) => (
          <Row
            key={person.id}
            who={
              <>
                <span className="font-medium">{person.name}</span>
                <span className="text-text-muted">{person.email}</span>
                <Badge tone={person.role === 'admin' ? 'info' : 'idle'}>{ROLE_LABELS[person.role]}</Badge>
                {isGone ? <Badge tone="bad">Removed</Badge> : <Proofs hasTotp={person.hasTotp} />}
              </>
            }
            facts={
              <>
                {person.lastSeenAt === null ? (
                  'Not logged in anywhere'
                ) : (
                  <>
                    Last seen <TimeAgo at={person.lastSeenAt} /> · logged in{' '}
                    {person.sessions === 1 ? 'once' : `${person.sessions} times`}
                  </>
                )}{' '}
                · since <TimeAgo at={person.createdAt} />
              </>
            }
            acts={actsOn({ person, was, isGone }, self, mayAct)}
          />
        ))}
      </ul>
    </Card>
  );
}

const Proofs = ({ hasTotp }: { hasTotp: boolean }) =>
  hasTotp ? <Badge tone="ok">Two-step</Badge> : <Badge tone="warn">Password only</Badge>;

interface KeptMember {
  person: Member;
  /** As the page opened. */
  was: Member | undefined;
  isGone: boolean;
}

function actsOn({ person, was, isGone }: KeptMember, self: string, mayAct: boolean): ReactNode {
  if (person.id === self)
    return (
      <Link to="/account" className="prose-link">
        Your account
      </Link>
    );
  if (!mayAct) return undefined;
  const hadSessions = person.sessions > 0 || (was?.sessions ?? 0) > 0;
  const hadTotp = person.hasTotp || was?.hasTotp === true;
  return (
    <>
      {isGone ? null : <RoleDialog person={person} />}
      {!isGone && hadSessions ? <EndSessionsDialog person={person} /> : null}
      {!isGone && hadTotp ? <ResetTwoStepDialog person={person} /> : null}
      <RemoveDialog person={person} />
    </>
  );
}

export interface Invite {
  id: string;
  name: string;
  email: string;
  role: Person['role'];
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

export function InviteList({ invites, mayAct }: { invites: readonly Invite[]; mayAct: boolean }) {
  const kept = useKept(invites);
  return (
    <Card flush title="Invited">
      {kept.length === 0 ? (
        <EmptyState title="Nobody is invited">
          Invitations stand here until their link is used or over.
        </EmptyState>
      ) : (
        <ul aria-label="Invited" className="divide-y">
          {kept.map(({ row: invite, isGone }) => (
            <Row
              key={invite.id}
              who={
                <>
                  <span className="font-medium">{invite.name}</span>
                  <span className="text-text-muted">{invite.email}</span>
                  <Badge tone="idle">{ROLE_LABELS[invite.role]}</Badge>
                  {isGone ? <Badge tone="bad">Withdrawn</Badge> : null}
                </>
              }
              facts={
                <>
                  By {invite.invitedBy} <TimeAgo at={invite.createdAt} /> · the link ends{' '}
                  <TimeAgo at={invite.expiresAt} />
                </>
              }
              acts={mayAct ? <WithdrawDialog invite={invite} /> : undefined}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}
