import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useParams } from '@remix-run/react';
import CircleStop from 'lucide-react/icons/circle-stop';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import { ActDialog } from '~/components/console/act-dialog';
import { EVENT_ACTS, eventCount, REPLAY_INTENTS } from '~/components/console/event-acts';
import { RealmMark, realmWords } from '~/components/console/realm-mark';
import { MEND_REASON_OPTIONS } from '~/components/console/replay-dialog';
import { ReplayItems } from '~/components/console/replay-items';
import { ReplayTallies } from '~/components/console/replay-tallies';
import { replayReason, selectionWords } from '~/components/console/replay-words';
import { ReplayStateBadge } from '~/components/console/state-badges';
import { useHeldData, useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Card } from '~/components/ui/card';
import { CopyId } from '~/components/ui/copy-id';
import { Fact, FactList } from '~/components/ui/fact-list';
import { PageHeader } from '~/components/ui/page-header';
import { Progress } from '~/components/ui/progress';
import { Timestamp } from '~/components/ui/time';
import { listReplayItems, readReplayPage } from '~/modules/admin/index.server';
import { type ReplayPageView } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { readReplay } from '~/modules/webhooks/index.server';
import { db } from '~/platform/db.server';
import { formatCredits } from '~/platform/money';
import { seconds } from '~/platform/time';

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const id = params['replayId'] ?? '';
  const replay = await readReplayPage(db(), id);
  const tallies = replay && (await readReplay(db(), id));
  if (replay === undefined || tallies === undefined) throw new Response(null, { status: 404 });
  const { searchParams } = new URL(request.url);
  const filter = filterOf(searchParams);
  const after = searchParams.get('after') ?? undefined;
  const items = await listReplayItems(db(), id, { filter, after });
  return { role, replay, items, filter, predicted: tallies.predicted, results: tallies.results };
}

/** A line of the tallies that was opened: `?of=result&status=done&code=applied`. */
function filterOf(search: URLSearchParams) {
  const status = search.get('status');
  if (status === null) return undefined;
  const of = search.get('of') === 'predicted' ? ('predicted' as const) : ('result' as const);
  return { of, status, code: search.get('code') };
}

const count = (n: number) => formatCredits(BigInt(n));

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

/** Another replay is another page: nothing that was open stays. */
export default function ReplayPage() {
  const { replayId } = useParams();
  return <Replay key={replayId} />;
}

function Replay() {
  const { role, replay, items, filter, predicted, results } = useHeldData(useLoaderData<typeof loader>());
  const queued = results.reduce((sum, { status, count: n }) => sum + (status === 'queued' ? n : 0), 0);
  const isMoving = replay.state === 'running' || queued > 0;
  useLive({ every: seconds(1), isHeld: !isMoving });
  const mayAct = hasRole(role, 'support');
  return (
    <>
      <PageHeader
        back={{ to: '/admin/webhooks/replays', label: 'Replays' }}
        title={
          replay.dryRun ? `Dry run of ${eventCount(replay.total)}` : `Replay of ${eventCount(replay.total)}`
        }
        badge={
          <>
            <ReplayStateBadge state={replay.state} />
            <RealmMark realmId={replay.realm.id} />
          </>
        }
        description={<CopyId id={replay.id} label="replay id" full className="!px-0" />}
        actions={mayAct ? <ReplayActs replay={replay} /> : undefined}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-6">
          <Card title={isMoving ? 'Under way' : 'How far it came'}>
            <div className="grid gap-4" aria-live="polite">
              <Progress
                label={replay.dryRun ? 'Events tried' : 'Events started anew'}
                done={replay.done}
                total={replay.total}
                text={`${count(replay.done)} of ${count(replay.total)} ${replay.dryRun ? 'tried' : 'started anew'}`}
              />
              {replay.dryRun ? null : (
                <Progress
                  label="Events decided"
                  done={replay.done - queued - replay.skipped}
                  total={replay.total - replay.skipped}
                  text={`${count(replay.done - queued - replay.skipped)} decided, ${count(queued)} in the queue`}
                />
              )}
              {replay.skipped === 0 ? null : (
                <p className="text-text-muted">
                  {eventCount(replay.skipped)} left alone: they had moved meanwhile.
                </p>
              )}
            </div>
          </Card>
          <ReplayTallies dryRun={replay.dryRun} predicted={predicted} results={results} />
          <ReplayItems items={items} filter={filter} dryRun={replay.dryRun} />
        </div>
        <ReplayFacts replay={replay} />
      </div>
    </>
  );
}

function ReplayActs({ replay }: { replay: ReplayPageView }) {
  const events = eventCount(replay.done - replay.skipped);
  if (replay.state === 'running')
    return (
      <ActDialog
        opener={{ label: 'Cancel…', icon: CircleStop }}
        title="Cancel this replay"
        description="No further events are taken. What was queued already is processed."
        action={EVENT_ACTS.replay}
        intent={REPLAY_INTENTS.cancel}
        hidden={{ replay: replay.id }}
        reasons={MEND_REASON_OPTIONS}
        submitLabel="Cancel the replay"
        pendingLabel="Canceling…"
        isDanger
      />
    );
  if (!replay.dryRun || replay.done === replay.skipped) return null;
  return (
    <ActDialog
      opener={{ label: 'Replay these for real…', icon: RotateCcw, variant: 'primary' }}
      title={`Replay ${events} for real`}
      description="They run again. What was predicted stands beside what comes of it."
      action={EVENT_ACTS.replay}
      intent={REPLAY_INTENTS.start}
      hidden={{ realm: replay.realm.id, selection: JSON.stringify({ dryRun: replay.id }), how: 'real' }}
      reasons={MEND_REASON_OPTIONS}
      submitLabel={`Replay ${events}`}
      pendingLabel="Starting…"
    />
  );
}

function ReplayFacts({ replay }: { replay: ReplayPageView }) {
  return (
    <Card title="Facts">
      <FactList>
        <Fact label="Events">{selectionWords(replay.selection)}</Fact>
        <Fact label="Kind">{replay.dryRun ? 'Dry run: nothing is kept' : 'For real'}</Fact>
        {replay.followedBy === null ? null : (
          <Fact label="Replayed by">
            <Link
              to={`/admin/webhooks/replays/${replay.followedBy}`}
              prefetch="intent"
              className="prose-link"
            >
              Show the replay
            </Link>
          </Fact>
        )}
        <Fact label="By">{replay.actor.name}</Fact>
        <Fact label="Reason">{replayReason(replay.reason)}</Fact>
        <Fact label="Asked for">
          <Timestamp at={replay.createdAt} />
        </Fact>
        {replay.endedAt === null ? null : (
          <Fact label="Ended">
            <Timestamp at={replay.endedAt} />
          </Fact>
        )}
        <Fact label="Realm">{realmWords(replay.realm)}</Fact>
        <Fact label="Staff acts">
          <Link to={`/admin/audit?subject=${replay.id}`} prefetch="intent" className="prose-link">
            In the audit
          </Link>
        </Fact>
      </FactList>
    </Card>
  );
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.replay.dryRun === true ? 'Dry run' : 'Replay'} · Credence console` },
];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/replays', label: 'Show all replays' }}
      texts={{ 404: { title: 'No such replay', happened: 'No replay has this id.' } }}
    />
  );
}
