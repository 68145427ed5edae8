import { isRouteErrorResponse, useLocation, useRouteError } from '@remix-run/react';
import { ButtonLink } from '~/components/ui/button';
import { SearchX } from '~/components/ui/icons';
import { EmptyState, ErrorState, ForbiddenState } from '~/components/ui/states';
import { useRequestId } from './request-id';
import { type ErrorStatus, type StatusText, statusText } from './status-text';

export interface RouteErrorBoundaryProps {
  /** Where "start again" leads. */
  home?: { to: string; label: string } | undefined;
  /** What this page says instead of the general text. */
  texts?: Partial<Record<ErrorStatus, Partial<StatusText>>> | undefined;
}

/** Says what happened, whether money moved, and what to do next, with the number of the request. */
export function RouteErrorBoundary({
  home = { to: '/', label: 'Go to the store' },
  texts,
}: RouteErrorBoundaryProps) {
  const error = useRouteError();
  const requestId = useRequestId();
  const location = useLocation();
  const status = isRouteErrorResponse(error) ? error.status : 500;
  const text: StatusText = { ...statusText(status), ...own(texts, status) };
  const action =
    status === 401 ? (
      <ButtonLink
        to={`/log-in?next=${encodeURIComponent(location.pathname + location.search)}`}
        variant="primary"
      >
        Log in
      </ButtonLink>
    ) : (
      <ButtonLink to={home.to}>{home.label}</ButtonLink>
    );
  const body = (
    <>
      <p>{text.happened}</p>
      <p className="mt-2 font-medium text-text">{text.money}</p>
      <p className="mt-2">{text.next}</p>
    </>
  );
  const title = <h1 className="text-xl font-semibold">{text.title}</h1>;
  if (status === 404) {
    return (
      <EmptyState icon={SearchX} title={title} action={action}>
        {body}
      </EmptyState>
    );
  }
  if (status === 403) {
    return (
      <ForbiddenState title={title} action={action}>
        {body}
      </ForbiddenState>
    );
  }
  return (
    <ErrorState title={title} action={action} requestId={status >= 500 ? requestId : undefined}>
      {body}
    </ErrorState>
  );
}

function own(texts: RouteErrorBoundaryProps['texts'], status: number): Partial<StatusText> | undefined {
  return Object.entries(texts ?? {}).find(([key]) => key === String(status))?.[1];
}
