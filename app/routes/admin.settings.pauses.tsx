import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { type ActReply } from '~/components/console/act-reply';
import { PauseSwitchCard } from '~/components/console/pause-switch-card';
import { AdminsOnly, BookSection, booksFrom } from '~/components/console/settings-parts';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { parseAct } from '~/console/act-form.server';
import { pauseForm } from '~/console/pause-form.server';
import { consoleRealm, readPauses } from '~/modules/admin/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { setPause, type SetPauseOutcome } from '~/modules/pauses/index.server';
import { PAUSABLE_WORK, PAUSE_LABEL } from '~/modules/pauses/shared';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  return { pauses: await readPauses(db()), present: mode, mayAct: hasRole(user.role, 'admin') };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(await request.formData(), pauseForm);
  if (!parsed.ok) return parsed.reply;
  const { key, intent, book, work, reason, comment } = parsed.value;
  const actor = acting.user.id;
  const set = await actOnce(db(), 'set pause', { key, actor, done: ['paused', 'resumed'] }, (tx) =>
    setPause(tx, { book, work, pauses: intent === 'pause', actor, reason, comment }),
  );
  return {
    outcome: 'done',
    message: saidOf(set.outcome, intent, `${PAUSE_LABEL[work]} in the ${book} book`),
  };
}

function saidOf(
  outcome: SetPauseOutcome['outcome'] | 'repeated',
  intent: 'pause' | 'resume',
  what: string,
): string {
  const now = intent === 'pause' ? 'paused' : 'going on';
  switch (outcome) {
    case 'paused':
      return `${what}: paused. Nothing that had not begun begins from now on.`;
    case 'resumed':
      return `${what}: going on. What waited is taken up at once.`;
    case 'repeated':
      return `${what}: this was done already.`;
    case 'unchanged':
      return `${what}: ${now} already. Nothing was changed.`;
    default:
      return assertNever(outcome);
  }
}

export default function PausesPage() {
  const { pauses, present, mayAct } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader
        title="Settings"
        description="Stop a kind of work for a while. Nothing is lost: what comes meanwhile waits."
      />
      <SettingsTabs />
      <AdminsOnly mayAct={mayAct} what="pause work, or let it go on" />
      {booksFrom(present).map((book) => (
        <BookSection key={book} book={book}>
          <div className="grid items-start gap-4 xl:grid-cols-2">
            {PAUSABLE_WORK.map((work) => {
              const one = pauses.find((each) => each.book === book && each.work === work);
              return one === undefined ? null : <PauseSwitchCard key={work} one={one} mayAct={mayAct} />;
            })}
          </div>
        </BookSection>
      ))}
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Pause switches · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
