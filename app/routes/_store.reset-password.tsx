import { getFormProps, getInputProps, type SubmissionResult, useForm } from '@conform-to/react';
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';

import { FormPage } from '~/components/account/form-page';
import { parseForm } from '~/components/account/parse-form';
import { PasswordField } from '~/components/account/password-field';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { ButtonLink, SubmitButton } from '~/components/ui/button';
import { FormError } from '~/components/ui/notice';
import {
  assertSameOrigin,
  authContext,
  clearSessionToken,
  readReset,
  resetPassword,
} from '~/modules/auth/index.server';
import { PASSWORD_IS_EMAIL, PASSWORD_MIN, resetPasswordSchema } from '~/modules/auth/shared';
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
  const submission = parseForm(await request.formData(), resetPasswordSchema);
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
  return <ResetForm {...loaded} lastResult={answered?.reply} />;
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

interface ResetFormProps {
  token: string;
  email: string;
  lastResult: SubmissionResult<string[]> | undefined;
}

function ResetForm({ token, email, lastResult }: ResetFormProps) {
  const [form, fields] = useForm({
    lastResult,
    onValidate: ({ formData }) => parseForm(formData, resetPasswordSchema),
    shouldValidate: 'onBlur',
    shouldRevalidate: 'onInput',
  });
  return (
    <FormPage
      title="Choose a new password"
      description={
        <span className="[overflow-wrap:anywhere]">For {email}. Setting it logs you out everywhere.</span>
      }
    >
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        <FormError errors={form.errors} id={form.errorId} />
        <input type="hidden" name={fields.token.name} value={token} />
        {/* Tells password managers whose password this is. */}
        <input type="text" hidden readOnly autoComplete="username" value={email} />
        <PasswordField
          label="New password"
          description={`At least ${PASSWORD_MIN} characters. A few random words make a good one.`}
          errors={fields.password.errors}
          {...getInputProps(fields.password, { type: 'password' })}
          autoComplete="new-password"
          required
        />
        <SubmitButton variant="primary" size="lg" block pendingLabel="Setting it…">
          Set the password
        </SubmitButton>
      </Form>
    </FormPage>
  );
}

export const meta: MetaFunction = () => [{ title: 'Choose a new password · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
