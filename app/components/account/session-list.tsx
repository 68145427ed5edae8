import { Form } from '@remix-run/react';
import { Badge } from '~/components/ui/badge';
import { SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { TimeAgo } from '~/components/ui/time';
import { ACCOUNT_INTENTS } from '~/modules/auth/shared';

export interface ListedSession {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  ip: string | null;
  /** Browser and system, in words. */
  agent: string;
  isCurrent: boolean;
}

/** Where this account is logged in; every log-in but the reader's own can be ended here. */
export function SessionList({ sessions }: { sessions: readonly ListedSession[] }) {
  const hasOthers = sessions.some((session) => !session.isCurrent);
  return (
    <Card
      flush
      title="Where you are logged in"
      description="End any you do not recognize, then change your password."
      actions={
        hasOthers ? (
          <Form method="post">
            <SubmitButton name="intent" value={ACCOUNT_INTENTS.endOthers} size="sm" pendingLabel="Ending…">
              End all others
            </SubmitButton>
          </Form>
        ) : undefined
      }
    >
      <ul className="divide-y">
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center justify-between gap-4 px-4 py-3 text-sm">
            <div className="min-w-0">
              <p className="font-medium">{session.agent}</p>
              <p className="text-text-muted [overflow-wrap:anywhere]">
                {session.ip === null ? null : `${session.ip} · `}
                last used <TimeAgo at={session.lastSeenAt} />, logged in <TimeAgo at={session.createdAt} />
              </p>
            </div>
            {session.isCurrent ? <Badge tone="info">This browser</Badge> : <EndSession session={session} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function EndSession({ session }: { session: ListedSession }) {
  return (
    <Form method="post" className="shrink-0">
      <input type="hidden" name="intent" value={ACCOUNT_INTENTS.endSession} />
      <SubmitButton
        name="session"
        value={session.id}
        size="sm"
        pendingLabel="Ending…"
        aria-label={`End the log-in of ${session.agent}`}
      >
        End
      </SubmitButton>
    </Form>
  );
}
