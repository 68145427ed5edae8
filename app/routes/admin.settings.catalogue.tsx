import { type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import Plus from 'lucide-react/icons/plus';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import { ActDialog } from '~/components/console/act-dialog';
import { type ActReply } from '~/components/console/act-reply';
import { CatalogueCard } from '~/components/console/catalogue-card';
import { CatalogueFields } from '~/components/console/catalogue-fields';
import { SETTING_REASON_OPTIONS } from '~/components/console/setting-reasons';
import { AdminsOnly } from '~/components/console/settings-parts';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { EmptyState } from '~/components/ui/states';
import { parseAct } from '~/console/act-form.server';
import { type CatalogueAct, catalogueForm } from '~/console/catalogue-form.server';
import { consoleRealm } from '~/modules/admin/index.server';
import { actOnce } from '~/modules/audit/index.server';
import { actingStaff, assertSameOrigin, requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { changeItem, listCatalog, readItemForm, setOnSale } from '~/modules/catalog/index.server';
import { syncCatalog } from '~/modules/payments/index.server';
import { isKeyFault, isPassing, stripeSettings } from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';
import { db } from '~/platform/db.server';

export { sendAct as clientAction, unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const items = await listCatalog(db(), realm.id);
  const missing = items
    .filter(({ onSale }) => onSale)
    .flatMap(({ versions: [inForce] }) => inForce?.prices ?? [])
    .filter(({ stripePrice }) => stripePrice === null).length;
  return { items, missing, mayAct: hasRole(user.role, 'admin') };
}

export async function action({ request }: ActionFunctionArgs): Promise<ActReply> {
  assertSameOrigin(request);
  const acting = await actingStaff(request, 'admin');
  if (acting.outcome !== 'acting') return acting;
  const parsed = parseAct(await request.formData(), catalogueForm);
  return parsed.ok ? carryOut(parsed.value, acting.user.id) : parsed.reply;
}

const refused = (message: string, fields: Record<string, string[]> = {}): ActReply => ({
  ...{ outcome: 'refused', message, fields },
});

async function carryOut(wanted: CatalogueAct, actor: string): Promise<ActReply> {
  const { key, reason, comment } = wanted;
  const why = { actor, reason, comment };
  switch (wanted.intent) {
    case 'sync':
      return offer(why, 'Every price in force stands at Stripe.');
    case 'on_sale':
    case 'off_sale': {
      const onSale = wanted.intent === 'on_sale';
      const set = await actOnce(db(), 'set on sale', { key, actor, done: ['set'] }, (tx) =>
        setOnSale(tx, { ...why, code: wanted.code, onSale }),
      );
      if (set.outcome === 'not_found') return refused('It is not there any more. Load the page again.');
      if (onSale) return offer(why, 'It is on sale.');
      return { outcome: 'done', message: 'It is not on sale any more.' };
    }
    case 'create':
      return change(wanted, { kind: 'pack', seen: null }, why);
    case 'change':
      return change(wanted, wanted, why);
    default:
      return assertNever(wanted);
  }
}

type Why = { actor: string; reason: string; comment: string };

async function change(
  wanted: Extract<CatalogueAct, { intent: 'create' | 'change' }>,
  { kind, seen }: { kind: 'pack' | 'plan'; seen: string | null },
  why: Why,
): Promise<ActReply> {
  const read = readItemForm({ ...wanted, kind });
  if (read.outcome === 'wrong') return refused('Nothing was changed: look at what is marked.', read.fields);
  const once = { key: wanted.key, actor: why.actor, done: ['versioned'] as const };
  const did = await actOnce(db(), 'change item', once, (tx) =>
    changeItem(tx, { ...why, item: read.item, seen }),
  );
  switch (did.outcome) {
    case 'versioned':
    case 'repeated':
      return offer(why, 'The new version is in force, and its prices stand at Stripe.');
    case 'unchanged':
      return { outcome: 'done', message: 'It stands so already: no version was made.' };
    case 'moved':
      return seen === null
        ? refused('Nothing was made.', { code: ['This code is taken.'] })
        : refused('Somebody changed it meanwhile. Load the page again and look at what stands now.');
    default:
      return assertNever(did);
  }
}

/** Makes what prices are missing at Stripe, after the version stands; what Stripe does not answer can be asked again. */
async function offer(why: Why, message: string): Promise<ActReply> {
  try {
    await syncCatalog(db(), stripeSettings(), (await consoleRealm()).id, why);
    return { outcome: 'done', message };
  } catch (error) {
    if (!isPassing(error) && !isKeyFault(error)) throw error;
    return {
      outcome: 'open',
      message:
        'It stands here, but Stripe did not make all of its prices, so the store does not show it in those currencies. Use “Make prices at Stripe” to try again.',
    };
  }
}

export default function CatalogueSettings() {
  const { items, missing, mayAct } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader
        title="Settings"
        description="What is for sale. Every change is a new version; what was bought keeps the one it was bought with."
        actions={mayAct ? <Acts missing={missing} /> : undefined}
      />
      <SettingsTabs />
      <AdminsOnly mayAct={mayAct} what="change the catalogue" />
      {items.length === 0 ? (
        <EmptyState title="Nothing is for sale yet">
          A pack appears in the store once it has a price.
        </EmptyState>
      ) : (
        <div className="grid items-start gap-4 xl:grid-cols-2">
          {items.map((item) => (
            <CatalogueCard key={item.code} item={item} mayAct={mayAct} />
          ))}
        </div>
      )}
    </>
  );
}

function Acts({ missing }: { missing: number }) {
  return (
    <>
      <ActDialog
        opener={{
          label: 'Make prices at Stripe',
          icon: RefreshCw,
          variant: missing > 0 ? 'primary' : 'secondary',
        }}
        title="Make prices at Stripe"
        description={`Looks at each price in force, and makes those that this account does not sell. ${missing === 0 ? 'None is known to be missing.' : `${missing} ${missing === 1 ? 'is' : 'are'} missing.`}`}
        intent="sync"
        reasons={SETTING_REASON_OPTIONS}
        submitLabel="Make what is missing"
        pendingLabel="Asking Stripe…"
      />
      <ActDialog
        opener={{ label: 'New pack', icon: Plus, variant: 'primary' }}
        title="New pack"
        description="It is on sale as soon as its prices stand at Stripe."
        intent="create"
        reasons={SETTING_REASON_OPTIONS}
        submitLabel="Make the pack"
        pendingLabel="Making it…"
        width="lg"
      >
        {(errors) => <CatalogueFields errors={errors} />}
      </ActDialog>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Catalogue · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
