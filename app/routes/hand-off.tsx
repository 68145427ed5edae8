import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData, useSubmit } from '@remix-run/react';
import { type ReactNode, useEffect, useRef } from 'react';

import { FormPage } from '~/components/account/form-page';
import { type HandOffWords, LINK_OVER, LINK_UNKNOWN, VISIT_OVER } from '~/components/account/hand-off-words';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { BareShell } from '~/components/shell/bare-shell';
import { ButtonLink, SubmitButton } from '~/components/ui/button';
import { Notice } from '~/components/ui/notice';
import {
  assertSameOrigin,
  authContext,
  callThem,
  clientOf,
  currentVisitor,
  endedHandOff,
  readSessionToken,
  shopperOf,
  storeBook,
  wayBackTo,
  writeSessionToken,
} from '~/modules/auth/index.server';
import { tooManyTries, type Visitor, type WayBack } from '~/modules/auth/shared';
import { openStoreLink, readStoreLink } from '~/modules/handoff/index.server';
import { assertNever } from '~/platform/assert-never';
import { parseUrl } from '~/platform/parse-url';

/** The token is in the address: no cache keeps the page, and no request that follows names more of it than our origin. */
const GUARDED = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'strict-origin' };

/** A link is opened by the form of this page alone: scanners and previews only ever look at it. */
export async function loader({ request }: LoaderFunctionArgs) {
  const visitor = await currentVisitor(request);
  const token = new URL(request.url).searchParams.get('token');
  if (token === null) return overWithoutLink(request, visitor);
  const link = await readStoreLink(authContext(), { token, book: storeBook() });
  if (link === undefined) return answer({ state: 'unknown' }, 404);
  const { state, returnUrl, customer } = link;
  const wayBack = wayBackTo(returnUrl);
  const mine = visitor !== undefined && shopperOf(visitor)?.customerId === link.customerId;
  if (state !== 'ready') {
    // By the browser's way back, or from a tab that was kept: they are in already.
    if (mine) return redirect(link.path);
    return answer({ state, wayBack }, 410);
  }
  const other = visitor === undefined || mine ? null : nameOf(visitor);
  const goesByItself = other === null && comesFrom(request, returnUrl);
  const { host } = new URL(returnUrl);
  return answer({ state, wayBack, host, customer, token, other, goesByItself }, 200);
}

type HandOff =
  | {
      state: 'ready';
      wayBack: WayBack;
      host: string;
      customer: string;
      token: string;
      /** Who else is in the store with this browser. */
      other: string | null;
      goesByItself: boolean;
    }
  | { state: 'used' | 'expired' | 'over'; wayBack: WayBack }
  | { state: 'unknown' };

const answer = (page: HandOff, status: number) => data<HandOff>(page, { status, headers: GUARDED });

async function overWithoutLink(request: Request, visitor: Visitor | undefined) {
  if (visitor !== undefined) return redirect('/');
  const returnUrl = await endedHandOff(request);
  if (returnUrl === undefined) return redirect('/log-in');
  return answer({ state: 'over', wayBack: wayBackTo(returnUrl) }, 200);
}

const nameOf = (visitor: Visitor): string =>
  callThem(visitor.kind === 'user' ? visitor.user : visitor.customer);

/**
 * Whether the browser says that a page of the product sent it here. One that was lured here by a mail or another site is
 * asked first: it would shop for whoever made the link.
 */
function comesFrom(request: Request, returnUrl: string): boolean {
  const referer = parseUrl(request.headers.get('referer') ?? '');
  return referer?.origin === new URL(returnUrl).origin;
}

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const token = (await request.formData()).get('token');
  if (typeof token !== 'string' || token.length > 200) throw new Response(null, { status: 400 });
  const [client, former] = [clientOf(request), await readSessionToken(request)];
  const opened = await openStoreLink(authContext(), { token, book: storeBook(), client, former });
  switch (opened.outcome) {
    case 'opened':
      return redirect(opened.path, {
        status: 303,
        headers: { ...GUARDED, 'Set-Cookie': await writeSessionToken(opened.sessionToken) },
      });
    case 'used':
    case 'expired':
    case 'unknown':
      // The page of the link says it.
      return redirect(`/hand-off?token=${encodeURIComponent(token)}`, 303);
    case 'limited': {
      const headers = { ...GUARDED, 'Retry-After': String(opened.retryAfterSeconds) };
      return data({ fault: tooManyTries(opened.retryAfterSeconds) }, { status: 429, headers });
    }
    default:
      return assertNever(opened);
  }
}

export default function HandOffPage() {
  const page = useLoaderData<typeof loader>();
  return (
    <BareShell>
      <div className="w-full px-5">{pageOf(page)}</div>
    </BareShell>
  );
}

function pageOf(page: HandOff): ReactNode {
  switch (page.state) {
    case 'ready':
      return <Open {...page} />;
    case 'used':
    case 'expired':
      return <Over words={LINK_OVER[page.state]} wayBack={page.wayBack} />;
    case 'over':
      return <Over words={VISIT_OVER} wayBack={page.wayBack} mayStay />;
    case 'unknown':
      return <Over words={LINK_UNKNOWN} />;
    default:
      return assertNever(page);
  }
}

function Open({ wayBack, host, customer, token, other, goesByItself }: Extract<HandOff, { state: 'ready' }>) {
  const failed = useActionData<typeof action>();
  const form = useRef<HTMLFormElement>(null);
  const submit = useSubmit();
  useEffect(() => {
    if (goesByItself && form.current !== null) submit(form.current, { replace: true });
  }, [goesByItself, submit]);
  return (
    <FormPage
      title={
        goesByItself ? 'Opening the store' : other === null ? 'Open the store?' : 'Change to other credits?'
      }
      footer={
        <p>
          <a href={other === null ? wayBack.to : '/'} className="prose-link [overflow-wrap:anywhere]">
            {other === null ? wayBack.label : `Stay in the store as ${other}`}
          </a>
        </p>
      }
    >
      <Form ref={form} method="post" replace className="space-y-5">
        {failed === undefined ? null : (
          <Notice tone="bad" role="alert">
            {failed.fault}
          </Notice>
        )}
        <p className="[overflow-wrap:anywhere]">
          <b className="font-semibold">{host}</b> opens the store with the credits of{' '}
          <b className="font-semibold">{customer}</b>.{' '}
          {goesByItself ? 'If nothing happens in a moment, go on by hand.' : null}
          {other === null && !goesByItself ? 'Go on if that is you.' : null}
          {other === null ? null : (
            <>
              You are here as <b className="font-semibold">{other}</b> now. That ends, and what you buy goes
              to {customer}.
            </>
          )}
        </p>
        <input type="hidden" name="token" value={token} />
        <SubmitButton variant="primary" size="lg" block pendingLabel="Opening the store…">
          Go on
        </SubmitButton>
      </Form>
    </FormPage>
  );
}

function Over({
  words,
  wayBack = { to: '/', label: 'Go to the store' },
  mayStay = false,
}: {
  words: HandOffWords;
  wayBack?: WayBack;
  /** The browser may forget the hand-off, and be in the store as a guest. */
  mayStay?: boolean;
}) {
  return (
    <FormPage title={words.title}>
      <div className="space-y-5">
        <p>{words.said}</p>
        <ButtonLink to={wayBack.to} variant="primary" size="lg" block>
          <span className="truncate">{wayBack.label}</span>
        </ButtonLink>
        {mayStay ? (
          <Form method="post" action="/log-out">
            <SubmitButton variant="ghost" block pendingLabel="One moment…">
              Go to the store as a guest
            </SubmitButton>
          </Form>
        ) : null}
      </div>
    </FormPage>
  );
}

/** Keeps what guards the token on the page itself. */
export const headers: HeadersFunction = ({ loaderHeaders, actionHeaders }) =>
  actionHeaders.has('Retry-After') ? actionHeaders : loaderHeaders;

export const meta: MetaFunction = () => [
  { title: 'Open the store · Credence' },
  { name: 'robots', content: 'noindex' },
];

export function ErrorBoundary() {
  return (
    <BareShell>
      <RouteErrorBoundary />
    </BareShell>
  );
}
