import { type LoaderFunctionArgs } from '@remix-run/node';
import { Outlet, useLoaderData, useRouteLoaderData } from '@remix-run/react';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { StoreShell } from '~/components/shell/store-shell';
import { currentUser } from '~/modules/auth/index.server';
import { currentRealm, RealmUnknownError } from '~/modules/stripe/index.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const [user, realm] = await Promise.all([currentUser(request), currentRealm().catch(tellUnavailable)]);
  return {
    person:
      user === undefined ? null : { name: user.name, email: user.email, isStaff: user.role !== 'customer' },
    realm: { name: realm.name, mode: realm.mode },
  };
}

// Before Stripe has named the account of a new key there is no realm to show: wait, not broken.
function tellUnavailable(error: unknown): never {
  if (error instanceof RealmUnknownError) throw new Response(null, { status: 503 });
  throw error;
}

export default function StoreLayout() {
  const { person, realm } = useLoaderData<typeof loader>();
  return (
    <StoreShell person={person} realm={realm}>
      <Outlet />
    </StoreShell>
  );
}

export function ErrorBoundary() {
  const loaded = useRouteLoaderData<typeof loader>('routes/_store');
  return (
    <StoreShell person={loaded?.person} realm={loaded?.realm}>
      <RouteErrorBoundary />
    </StoreShell>
  );
}
