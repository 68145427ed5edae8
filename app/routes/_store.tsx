import { type LoaderFunctionArgs } from '@remix-run/node';
import { Outlet, useLoaderData, useRouteLoaderData } from '@remix-run/react';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { type ShownPerson, StoreShell } from '~/components/shell/store-shell';
import { callThem, currentVisitor, wayBackTo } from '~/modules/auth/index.server';
import { type Visitor } from '~/modules/auth/shared';
import { isPaused } from '~/modules/pauses/index.server';
import { currentRealm, RealmUnknownError } from '~/modules/stripe/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const [visitor, realm] = await Promise.all([
    currentVisitor(request),
    currentRealm().catch(tellUnavailable),
  ]);
  return {
    person: visitor === undefined ? null : personOf(visitor),
    realm: { name: realm.name, mode: realm.mode },
    isSellingPaused: await isPaused(db(), { book: realm.mode, work: 'selling' }),
  };
}

function personOf(visitor: Visitor): ShownPerson {
  if (visitor.kind === 'handed_off') {
    const { email, returnUrl } = visitor.customer;
    return { name: callThem(visitor.customer), email, isStaff: false, wayBack: wayBackTo(returnUrl) };
  }
  const { name, email, role } = visitor.user;
  return { name, email, isStaff: role !== 'customer', wayBack: null };
}

// Before Stripe has named the account of a new key there is no realm to show: wait, not broken.
function tellUnavailable(error: unknown): never {
  if (error instanceof RealmUnknownError) throw new Response(null, { status: 503 });
  throw error;
}

export default function StoreLayout() {
  const { person, realm, isSellingPaused } = useLoaderData<typeof loader>();
  return (
    <StoreShell person={person} realm={realm} isSellingPaused={isSellingPaused}>
      <Outlet />
    </StoreShell>
  );
}

export function ErrorBoundary() {
  const loaded = useRouteLoaderData<typeof loader>('routes/_store');
  return (
    <StoreShell person={loaded?.person} realm={loaded?.realm} isSellingPaused={loaded?.isSellingPaused}>
      <RouteErrorBoundary />
    </StoreShell>
  );
}
