import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import Plus from 'lucide-react/icons/plus';
import { ActDialog } from '~/components/console/act-dialog';
import { type ActReply } from '~/components/console/act-reply';
import { LimitFields, LimitTable } from '~/components/console/limit-table';
import { readBound, ROLE_WORD } from '~/components/console/limit-words';
import { SETTING_REASON_OPTIONS } from '~/components/console/setting-reasons';
import { AdminsOnly } from '~/components/console/settings-parts';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { ButtonLink, ButtonRow } from '~/components/ui/button';
import { SelectField, TextField } from '~/components/ui/field';
import { PageHeader } from '~/components/ui/page-header';
import { parseAct } from '~/console/act-form.server';
import { type LimitForm, limitForm } from '~/console/limit-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { listLimits, setLimit } from '~/modules/approvals/index.server';
import { ACTING_ROLES, STAFF_ACT_LABEL, STAFF_ACTS } from '~/modules/approvals/shared';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { db } from '~/platform/db.server';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

const BOOKS = ['test', 'live'] as const;

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const { mode } = await consoleRealm();
  const asked = new URL(request.url).searchParams.get('book');
  const book = BOOKS.find((one) => one === asked) ?? mode;
  return { limits: await listLimits(db(), book), book, mayAct: hasRole(user.role, 'admin') };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(await request.formData(), limitForm);
  if (!parsed.ok) return parsed.reply;
  const bounds = boundsOf(parsed.value);
  if ('fields' in bounds) return { outcome: 'refused', message: 'Nothing was changed.', ...bounds };
  const { key, book, role, act, unit, reason, comment } = parsed.value;
  const actor = acting.user.id;
  const did = await actOnce(db(), 'set limit', { key, actor, done: ['set'] }, (tx) =>
    setLimit(tx, { book, role, act, unit, ...bounds }, { actor, reason, comment }),
  );
  return {
    outcome: 'done',
    message:
      did.outcome === 'set'
        ? 'The limit holds from now on. Every admin is told by mail.'
        : 'The limit stands so already.',
  };
}

/** The three amounts in the unit's smallest part, or what is wrong with which. */
function boundsOf({ unit, ...typed }: LimitForm) {
  const [perAct, actorDay, customerDay] = [typed.perAct, typed.actorDay, typed.customerDay].map((text) =>
    readBound(text, unit),
  );
  if (perAct !== undefined && actorDay !== undefined && customerDay !== undefined)
    return { perAct, actorDay, customerDay };
  const wrong =
    unit === 'credits' ? ['Enter whole credits, 0 or more.'] : [`Enter an amount in ${unit.toUpperCase()}.`];
  const fields: Record<string, string[]> = {};
  if (perAct === undefined) fields['perAct'] = wrong;
  if (actorDay === undefined) fields['actorDay'] = wrong;
  if (customerDay === undefined) fields['customerDay'] = wrong;
  return { fields };
}

export default function LimitSettings() {
  const { limits, book, mayAct } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader
        title="Settings"
        description="What one person may do alone. Above it a second person has to approve; what is not listed always takes two."
        actions={mayAct ? <NewLimit book={book} /> : undefined}
      />
      <SettingsTabs />
      <AdminsOnly mayAct={mayAct} what="change limits" />
      <div className="mb-4">
        <ButtonRow>
          {BOOKS.map((one) => (
            <ButtonLink
              key={one}
              to={`?book=${one}`}
              size="sm"
              variant={one === book ? 'secondary' : 'ghost'}
              aria-current={one === book ? 'true' : undefined}
            >
              {one === 'live' ? 'Live book' : 'Test book'}
            </ButtonLink>
          ))}
        </ButtonRow>
      </div>
      <div className="grid gap-4">
        {STAFF_ACTS.map((act) => {
          const own = limits.filter((limit) => limit.act === act);
          return own.length === 0 ? null : <LimitTable key={act} act={act} limits={own} mayAct={mayAct} />;
        })}
      </div>
    </>
  );
}

function NewLimit({ book }: { book: 'test' | 'live' }) {
  return (
    <ActDialog
      opener={{ label: 'New limit', icon: Plus, variant: 'primary' }}
      title={`New limit in the ${book} book`}
      description="For a role and a currency that have none yet. Every admin is told by mail."
      intent="set"
      hidden={{ book }}
      reasons={SETTING_REASON_OPTIONS}
      submitLabel="Set the limit"
      pendingLabel="Setting it…"
    >
      {(errors) => (
        <>
          <div className="grid gap-4 sm:grid-cols-3">
            <SelectField
              label="Act"
              name="act"
              options={STAFF_ACTS.map((value) => ({ value, label: STAFF_ACT_LABEL[value] }))}
            />
            <SelectField
              label="Who"
              name="role"
              options={ACTING_ROLES.map((value) => ({ value, label: ROLE_WORD[value] }))}
            />
            <TextField label="In" name="unit" placeholder="credits or usd" required errors={errors['unit']} />
          </div>
          <LimitFields errors={errors} />
        </>
      )}
    </ActDialog>
  );
}

export const meta: MetaFunction = () => [{ title: 'Limits · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
