import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { RealmCard } from '~/components/console/realm-card';
import { SettingsTabs } from '~/components/console/settings-tabs';
import { useHeldData } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import { consoleRealm } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { listRealmStates } from '~/modules/health/index.server';
import { db } from '~/platform/db.server';

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  await consoleRealm();
  return listRealmStates(db(), new Date());
}

export default function RealmsPage() {
  const { realms, unknownKeys } = useHeldData(useLoaderData<typeof loader>());
  return (
    <>
      <PageHeader
        title="Settings"
        description="Every Stripe account and mode that sold here. One sells; what is under way in the others is finished with their keys."
      />
      <SettingsTabs />
      {unknownKeys.length === 0 ? null : (
        <Notice tone="warn" className="mb-4" title="Stripe has not said yet whose keys these are">
          {unknownKeys.join(', ')}. They are asked again by themselves; a key that was revoked belongs out of
          the settings.
        </Notice>
      )}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {realms.map((state) => (
          <RealmCard key={state.realm.id} state={state} />
        ))}
      </div>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Realms · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: '/admin', label: 'Go to the overview' }} />;
}
