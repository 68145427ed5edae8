import { getFormProps, getInputProps, type SubmissionResult, useForm } from '@conform-to/react';
import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';

import { CheckMail, ResendConfirmation } from '~/components/account/check-mail';
import { FormPage } from '~/components/account/form-page';
import { parseForm } from '~/components/account/parse-form';
import { PasswordField } from '~/components/account/password-field';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { SubmitButton } from '~/components/ui/button';
import { TextField } from '~/components/ui/field';
import { FormError } from '~/components/ui/notice';
import {
  assertSameOrigin,
  authContext,
  clientOf,
  currentUser,
  safeRedirect,
  signUp,
} from '~/modules/auth/index.server';
import { PASSWORD_MIN, signUpSchema, tooManyTries } from '~/modules/auth/shared';
import { demoMailPage } from '~/modules/mail/index.server';
import { assertNever } from '~/platform/assert-never';

export async function loader({ request }: LoaderFunctionArgs) {
  const next = safeRedirect(new URL(request.url).searchParams.get('next'));
  if ((await currentUser(request)) !== undefined) return redirect(next);
  return { next, demoMailPage: demoMailPage() };
}

type SignUpReply =
  { step: 'form'; reply: SubmissionResult<string[]> } | { step: 'check_mail'; email: string };

const answer = (reply: SignUpReply, init?: ResponseInit) => data<SignUpReply>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const submission = parseForm(await request.formData(), signUpSchema);
  const hideFields = ['password'];
  if (submission.status !== 'success') {
    return answer({ step: 'form', reply: submission.reply({ hideFields }) }, { status: 422 });
  }
  const { next, ...person } = submission.value;
  const client = clientOf(request);
  const result = await signUp(authContext(), { ...person, next: safeRedirect(next), client });
  switch (result.outcome) {
    case 'check_mail':
      return answer({ step: 'check_mail', email: person.email });
    case 'limited': {
      const reply = submission.reply({ hideFields, formErrors: [tooManyTries(result.retryAfterSeconds)] });
      const headers = { 'Retry-After': String(result.retryAfterSeconds) };
      return answer({ step: 'form', reply }, { status: 429, headers });
    }
    default:
      return assertNever(result);
  }
}

export default function SignUp() {
  const { demoMailPage } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  if (answered?.step !== 'check_mail') return <SignUpForm lastResult={answered?.reply} />;
  return (
    <FormPage title="Check your mail">
      <CheckMail demoMailPage={demoMailPage}>
        <p>
          We sent an e-mail to <strong className="font-medium">{answered.email}</strong>. Open the link in it
          to finish; the link works for 24 hours.
        </p>
        <p className="mb-3 mt-3 text-sm text-text-muted">
          Nothing there? Check your spam folder and the spelling of your address, or have it sent again.
        </p>
        <ResendConfirmation email={answered.email} />
      </CheckMail>
    </FormPage>
  );
}

function SignUpForm({ lastResult }: { lastResult: SubmissionResult<string[]> | undefined }) {
  const { next } = useLoaderData<typeof loader>();
  const [form, fields] = useForm({
    lastResult,
    onValidate: ({ formData }) => parseForm(formData, signUpSchema),
    shouldValidate: 'onBlur',
    shouldRevalidate: 'onInput',
  });
  return (
    <FormPage
      title="Create an account"
      description="It keeps your credits and your payment history."
      footer={
        <p>
          Already have an account?{' '}
          <Link to={`/log-in?next=${encodeURIComponent(next)}`} className="prose-link">
            Log in
          </Link>
        </p>
      }
    >
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        <FormError errors={form.errors} id={form.errorId} />
        <input type="hidden" name={fields.next.name} value={next} />
        <TextField
          label="Name"
          autoComplete="name"
          errors={fields.name.errors}
          {...getInputProps(fields.name, { type: 'text' })}
          required
        />
        <TextField
          label="E-mail"
          autoComplete="username"
          errors={fields.email.errors}
          {...getInputProps(fields.email, { type: 'email' })}
          required
        />
        <PasswordField
          label="Password"
          description={`At least ${PASSWORD_MIN} characters. A few random words make a good one.`}
          errors={fields.password.errors}
          {...getInputProps(fields.password, { type: 'password' })}
          autoComplete="new-password"
          required
        />
        <SubmitButton variant="primary" size="lg" block pendingLabel="Creating your account…">
          Create account
        </SubmitButton>
      </Form>
    </FormPage>
  );
}

/** Carries Retry-After to a page without JavaScript too. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Sign up · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
