import { getFormProps, getInputProps, useForm } from '@conform-to/react';
import {
  type ActionFunctionArgs,
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';

import { FormPage } from '~/components/account/form-page';
import { parseForm } from '~/components/account/parse-form';
import { PasswordField } from '~/components/account/password-field';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { SubmitButton } from '~/components/ui/button';
import { TextField } from '~/components/ui/field';
import { FormError, Notice } from '~/components/ui/notice';
import {
  assertSameOrigin,
  authContext,
  clientOf,
  currentUser,
  logIn,
  readSessionToken,
  safeRedirect,
  writeSessionToken,
  writeStepToken,
} from '~/modules/auth/index.server';
import { logInSchema, tooManyTries } from '~/modules/auth/shared';
import { assertNever } from '~/platform/assert-never';

const REFUSED = 'That e-mail and password do not match a confirmed account.';

export async function loader({ request }: LoaderFunctionArgs) {
  const parameters = new URL(request.url).searchParams;
  const next = safeRedirect(parameters.get('next'), '');
  if ((await currentUser(request)) !== undefined) return redirect(next === '' ? '/' : next);
  return { next, isReset: parameters.get('reset') === 'done' };
}

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const submission = parseForm(await request.formData(), logInSchema);
  const hideFields = ['password'];
  if (submission.status !== 'success') return data(submission.reply({ hideFields }), { status: 422 });
  const { email, password, next } = submission.value;
  const former = await readSessionToken(request);
  const result = await logIn(authContext(), { email, password, client: clientOf(request), former });
  switch (result.outcome) {
    case 'logged_in':
      return redirect(safeRedirect(next, result.role === 'customer' ? '/' : '/admin'), {
        status: 303,
        headers: { 'Set-Cookie': await writeSessionToken(result.token) },
      });
    case 'code_needed': {
      const to = safeRedirect(next, result.role === 'customer' ? '/' : '/admin');
      const headers = { 'Set-Cookie': await writeStepToken(result.token) };
      return redirect(`/log-in/code?next=${encodeURIComponent(to)}`, { status: 303, headers });
    }
    case 'refused':
      return data(submission.reply({ hideFields, formErrors: [REFUSED] }), { status: 400 });
    case 'limited': {
      const formErrors = [tooManyTries(result.retryAfterSeconds)];
      const headers = { 'Retry-After': String(result.retryAfterSeconds) };
      return data(submission.reply({ hideFields, formErrors }), { status: 429, headers });
    }
    default:
      return assertNever(result);
  }
}

export default function LogIn() {
  const { next, isReset } = useLoaderData<typeof loader>();
  const [form, fields] = useForm({
    lastResult: useActionData<typeof action>(),
    onValidate: ({ formData }) => parseForm(formData, logInSchema),
    shouldRevalidate: 'onInput',
  });
  const carried = next === '' ? '' : `?next=${encodeURIComponent(next)}`;
  return (
    <FormPage
      title="Log in"
      footer={
        <>
          <p>
            New here?{' '}
            <Link to={`/sign-up${carried}`} className="prose-link">
              Create an account
            </Link>
          </p>
          <p>
            Just signed up?{' '}
            <Link to="/verify-email" className="prose-link">
              Confirm your address first
            </Link>
          </p>
          <p>Came from another product? Open the store from there again.</p>
        </>
      }
    >
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        {isReset && form.status === undefined ? (
          <Notice tone="ok" role="status">
            Your password is changed. Log in with the new one.
          </Notice>
        ) : null}
        <FormError errors={form.errors} id={form.errorId} />
        <input type="hidden" name={fields.next.name} value={next} />
        <TextField
          label="E-mail"
          autoComplete="username"
          errors={fields.email.errors}
          {...getInputProps(fields.email, { type: 'email' })}
          required
        />
        <PasswordField
          label="Password"
          aside={
            <Link to="/forgot-password" className="prose-link">
              Forgot password?
            </Link>
          }
          errors={fields.password.errors}
          {...getInputProps(fields.password, { type: 'password' })}
          autoComplete="current-password"
          required
        />
        <SubmitButton variant="primary" size="lg" block pendingLabel="Logging in…">
          Log in
        </SubmitButton>
      </Form>
    </FormPage>
  );
}

/** Carries Retry-After to a page without JavaScript too. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Log in · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
