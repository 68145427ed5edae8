import { type LoaderFunctionArgs } from '@remix-run/node';
import { Outlet, useLoaderData, useRouteLoaderData } from '@remix-run/react';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { StoreShell } from '~/components/shell/store-shell';
import { currentUser } from '~/modules/auth/index.server';
import { currentRealm } from '~/modules/stripe/index.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const [user, realm] = await Promise.all([currentUser(request), currentRealm()]);
  return {
    person:
      user === undefined
        ? null
        : { name: user.name, email: user.email, isStaff: user.role !== 'customer' },
    realm: { name: realm.name, mode: realm.mode },
  };
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
