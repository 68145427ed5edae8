import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { StoreShell } from '~/components/shell/store-shell';

const absent = () => Response.json({ code: 'not_found' }, { status: 404 });

export function loader() {
  throw absent();
}

export function action() {
  throw absent();
}

export default function Absent() {
  return null;
}

export function ErrorBoundary() {
  return (
    <StoreShell>
      <RouteErrorBoundary />
    </StoreShell>
  );
}
