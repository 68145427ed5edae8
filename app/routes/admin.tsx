import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Outlet, useLoaderData, useRouteLoaderData } from '@remix-run/react';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { BareShell } from '~/components/shell/bare-shell';
import { ConsoleShell } from '~/components/shell/console-shell';
import {
  consoleDesk,
  consoleRealm,
  countOpenApprovals,
  readPauses,
  readRealms,
  withoutKey,
} from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const [realms, pauses] = await Promise.all([readRealms(db()), readPauses(db())]);
  return {
    person: { name: user.name, email: user.email, role: user.role },
    surroundings: {
      realm,
      realms,
      keyless: await withoutKey(realms),
      desk: consoleDesk(realm),
      openApprovals: await countOpenApprovals(db()),
      pauses: pauses.filter(({ pause }) => pause !== null),
    },
  };
}

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function ConsoleLayout() {
  const { person, surroundings } = useLoaderData<typeof loader>();
  return (
    <ConsoleShell person={person} surroundings={surroundings}>
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
    <ConsoleShell person={loaded.person} surroundings={loaded.surroundings}>
      {boundary}
    </ConsoleShell>
  );
}
