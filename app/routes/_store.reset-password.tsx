import { type SubmissionResult } from '@conform-to/react';
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';

import { FormPage } from '~/components/account/form-page';
import { NewPasswordForm } from '~/components/account/new-password-form';
import { parseForm } from '~/components/account/parse-form';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { ButtonLink } from '~/components/ui/button';
import {
  assertSameOrigin,
  authContext,
  clearSessionToken,
  readReset,
  resetPassword,
} from '~/modules/auth/index.server';
import { PASSWORD_IS_EMAIL, newPasswordFormSchema } from '~/modules/auth/shared';
import { assertNever } from '~/platform/assert-never';

export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get('token') ?? '';
  const owner = await readReset(authContext(), token);
  return owner === undefined ? null : { token, email: owner.email };
}

type ResetReply = { step: 'form'; reply: SubmissionResult<string[]> } | { step: 'link_over' };

const answer = (reply: ResetReply, init?: ResponseInit) => data<ResetReply>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const submission = parseForm(await request.formData(), newPasswordFormSchema);
  const hideFields = ['password'];
  if (submission.status !== 'success') {
    return answer({ step: 'form', reply: submission.reply({ hideFields }) }, { status: 422 });
  }
  const result = await resetPassword(authContext(), submission.value);
  switch (result.outcome) {
    case 'reset':
      return redirect('/log-in?reset=done', {
        status: 303,
        headers: { 'Set-Cookie': await clearSessionToken() },
      });
    case 'password_is_email': {
      const reply = submission.reply({ hideFields, fieldErrors: { password: [PASSWORD_IS_EMAIL] } });
      return answer({ step: 'form', reply }, { status: 422 });
    }
    case 'link_over':
      return answer({ step: 'link_over' }, { status: 410 });
    default:
      return assertNever(result);
  }
}

export default function ResetPassword() {
  const loaded = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  if (loaded === null || answered?.step === 'link_over') return <LinkOver />;
  return (
    <NewPasswordForm
      {...loaded}
      title="Choose a new password"
      description={`For ${loaded.email}. Setting it logs you out everywhere.`}
      label="New password"
      submitLabel="Set the password"
      pendingLabel="Setting it…"
      lastResult={answered?.reply}
    />
  );
}

function LinkOver() {
  return (
    <FormPage title="This link no longer works">
      <p>It was already used, or is more than an hour old. Your password has not changed.</p>
      <div className="mt-5">
        <ButtonLink to="/forgot-password" variant="primary" size="lg" block>
          Ask for a new link
        </ButtonLink>
      </div>
    </FormPage>
  );
}

export const meta: MetaFunction = () => [{ title: 'Choose a new password · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
