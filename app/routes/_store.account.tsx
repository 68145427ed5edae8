import { getFormProps, getInputProps, type SubmissionResult, useForm } from '@conform-to/react';
import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';

import { ResendConfirmation } from '~/components/account/check-mail';
import { parseForm } from '~/components/account/parse-form';
import { PasswordField } from '~/components/account/password-field';
import { SessionList } from '~/components/account/session-list';
import { TwoStepFact } from '~/components/account/two-step-fact';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Badge } from '~/components/ui/badge';
import { SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { Fact, FactList } from '~/components/ui/fact-list';
import { FormError, Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import {
  assertSameOrigin,
  authContext,
  changePassword,
  endSession,
  endSessions,
  listSessions,
  requireUser,
} from '~/modules/auth/index.server';
import {
  ACCOUNT_INTENTS,
  changePasswordSchema,
  endSessionSchema,
  PASSWORD_IS_EMAIL,
  PASSWORD_MIN,
  ROLE_LABELS,
  type SessionUser,
  tooManyTries,
} from '~/modules/auth/shared';
import { assertNever } from '~/platform/assert-never';
import { describeAgent } from '~/store/describe-agent.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireUser(request);
  const { db, now } = authContext();
  const sessions = await listSessions(db, user.id, now);
  return {
    name: user.name,
    email: user.email,
    role: user.role,
    emailVerified: user.emailVerified,
    hasTotp: user.hasTotp,
    sessions: sessions.map(({ userAgent, ...session }) => ({
      ...session,
      agent: describeAgent(userAgent),
      isCurrent: session.id === user.sessionId,
    })),
  };
}

type AccountReply =
  { done: 'password' | 'session' | 'sessions' } | { done: undefined; reply: SubmissionResult<string[]> };

const answer = (reply: AccountReply, init?: ResponseInit) => data<AccountReply>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const user = await requireUser(request);
  const form = await request.formData();
  const { db } = authContext();
  switch (form.get('intent')) {
    case ACCOUNT_INTENTS.changePassword:
      return replacePassword(user, form);
    case ACCOUNT_INTENTS.endSession: {
      const parsed = endSessionSchema.safeParse(Object.fromEntries(form));
      if (!parsed.success) throw new Response('Unknown log-in.', { status: 400 });
      await endSession(db, user.id, parsed.data.session);
      return answer({ done: 'session' });
    }
    case ACCOUNT_INTENTS.endOthers:
      await endSessions(db, user.id, user.sessionId);
      return answer({ done: 'sessions' });
    case null:
    default:
      throw new Response('Unknown act.', { status: 400 });
  }
}

async function replacePassword(user: SessionUser, form: FormData) {
  const submission = parseForm(form, changePasswordSchema);
  const hideFields = ['current', 'password'];
  if (submission.status !== 'success') {
    return answer({ done: undefined, reply: submission.reply({ hideFields }) }, { status: 422 });
  }
  const refuse = (fieldErrors: Record<string, string[]>) =>
    answer({ done: undefined, reply: submission.reply({ hideFields, fieldErrors }) }, { status: 422 });
  const { current, password } = submission.value;
  const result = await changePassword(authContext(), { user, current, password });
  switch (result.outcome) {
    case 'changed':
      return answer({ done: 'password' });
    case 'wrong_current':
      return refuse({ current: ['That is not your current password.'] });
    case 'password_is_email':
      return refuse({ password: [PASSWORD_IS_EMAIL] });
    case 'limited': {
      const reply = submission.reply({ hideFields, formErrors: [tooManyTries(result.retryAfterSeconds)] });
      const headers = { 'Retry-After': String(result.retryAfterSeconds) };
      return answer({ done: undefined, reply }, { status: 429, headers });
    }
    default:
      return assertNever(result);
  }
}

const DONE = {
  password: 'Your password is changed, and you are logged out everywhere else.',
  session: 'That log-in has ended.',
  sessions: 'Every other log-in has ended.',
} as const;

export default function Account() {
  const account = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  return (
    <div className="mx-auto max-w-[44rem] space-y-5">
      <PageHeader title="Your account" />
      {answered?.done === undefined ? null : (
        <Notice tone="ok" role="status">
          {DONE[answered.done]}
        </Notice>
      )}
      <Card title="You">
        <FactList>
          <Fact label="Name">{account.name}</Fact>
          <Fact label="E-mail">
            <span className="inline-flex flex-wrap items-center gap-2 [overflow-wrap:anywhere]">
              {account.email}
              {account.emailVerified ? (
                <Badge tone="ok">Confirmed</Badge>
              ) : (
                <>
                  <Badge tone="warn">Not confirmed</Badge>
                  <ResendConfirmation email={account.email} />
                </>
              )}
            </span>
          </Fact>
          {account.role === 'customer' ? null : (
            <>
              <Fact label="Role">{ROLE_LABELS[account.role]}</Fact>
              <TwoStepFact isOn={account.hasTotp} />
            </>
          )}
        </FactList>
      </Card>
      <Card title="Password" description="Changing it logs you out everywhere else.">
        <PasswordForm
          key={answered?.done ?? 'form'}
          email={account.email}
          lastResult={answered !== undefined && answered.done === undefined ? answered.reply : undefined}
        />
      </Card>
      <SessionList sessions={account.sessions} />
    </div>
  );
}

function PasswordForm({
  email,
  lastResult,
}: {
  email: string;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const [form, fields] = useForm({
    lastResult,
    onValidate: ({ formData }) => parseForm(formData, changePasswordSchema),
    shouldRevalidate: 'onInput',
  });
  return (
    <Form
      method="post"
      {...getFormProps(form)}
      className="flex max-w-form flex-col items-start gap-5 [&>div]:w-full"
    >
      <FormError errors={form.errors} id={form.errorId} />
      {/* Tells password managers whose password this is. */}
      <input type="text" hidden readOnly autoComplete="username" value={email} />
      <PasswordField
        label="Current password"
        errors={fields.current.errors}
        {...getInputProps(fields.current, { type: 'password' })}
        autoComplete="current-password"
        required
      />
      <PasswordField
        label="New password"
        description={`At least ${PASSWORD_MIN} characters.`}
        errors={fields.password.errors}
        {...getInputProps(fields.password, { type: 'password' })}
        autoComplete="new-password"
        required
      />
      <SubmitButton name="intent" value={ACCOUNT_INTENTS.changePassword} pendingLabel="Changing…">
        Change password
      </SubmitButton>
    </Form>
  );
}

/** Carries Retry-After to a page without JavaScript too. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Your account · Credence' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      texts={{
        403: {
          title: 'You have no password here',
          happened: 'You came from another product, where your name and your password are kept.',
          next: 'Go on in the store, or change them there.',
        },
      }}
    />
  );
}
