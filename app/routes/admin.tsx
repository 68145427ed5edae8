import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Outlet, useLoaderData, useRouteLoaderData } from '@remix-run/react';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { BareShell } from '~/components/shell/bare-shell';
import { ConsoleShell } from '~/components/shell/console-shell';
import { requireStaff } from '~/modules/auth/index.server';
import { currentRealm, RealmUnknownError } from '~/modules/stripe/index.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const realm = await currentRealm().catch(tellUnavailable);
  return {
    person: { name: user.name, email: user.email, role: user.role },
    realm: { name: realm.name, mode: realm.mode },
  };
}

// Before Stripe has named the account of a new key there is no realm to show: wait, not broken.
function tellUnavailable(error: unknown): never {
  if (error instanceof RealmUnknownError) throw new Response(null, { status: 503 });
  throw error;
}

export default function ConsoleLayout() {
  const { person, realm } = useLoaderData<typeof loader>();
  return (
    <ConsoleShell person={person} realm={realm}>
      <Outlet />
    </ConsoleShell>
  );
}

export const meta: MetaFunction = () => [
  { title: 'Credence console' },
  { name: 'robots', content: 'noindex' },
];

const TEXTS = {
  403: {
    title: 'The console is for staff',
    happened: 'The account you are logged in with is not a staff account.',
  },
};

export function ErrorBoundary() {
  const loaded = useRouteLoaderData<typeof loader>('routes/admin');
  const boundary = <RouteErrorBoundary texts={TEXTS} />;
  if (loaded === undefined) return <BareShell>{boundary}</BareShell>;
  return (
    <ConsoleShell person={loaded.person} realm={loaded.realm}>
      {boundary}
    </ConsoleShell>
  );
}
