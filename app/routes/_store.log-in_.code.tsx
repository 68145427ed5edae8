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
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { SubmitButton } from '~/components/ui/button';
import { TextField } from '~/components/ui/field';
import { FormError } from '~/components/ui/notice';
import {
  assertSameOrigin,
  authContext,
  clearStepToken,
  clientOf,
  currentUser,
  finishLogIn,
  isLogInStep,
  readSessionToken,
  readStepToken,
  safeRedirect,
  writeSessionToken,
} from '~/modules/auth/index.server';
import { codeSchema, tooManyTries, UNREADABLE_CODE } from '~/modules/auth/shared';
import { assertNever } from '~/platform/assert-never';

const WRONG = 'That code is not right, or was used before. Wait for the next one and type it at once.';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await currentUser(request);
  const next = safeRedirect(new URL(request.url).searchParams.get('next'), '/admin');
  if (user !== undefined) return redirect(next);
  const isWaiting = await isLogInStep(authContext(), await readStepToken(request));
  return isWaiting ? { next } : redirect(`/log-in?next=${encodeURIComponent(next)}`);
}

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const submission = parseForm(await request.formData(), codeSchema);
  const hideFields = ['code'];
  if (submission.status !== 'success') return data(submission.reply({ hideFields }), { status: 422 });
  const { code, next } = submission.value;
  const [token, former] = [await readStepToken(request), await readSessionToken(request)];
  const result = await finishLogIn(authContext(), { token, code, client: clientOf(request), former });
  const refuse = (words: string, status: number, headers: HeadersInit = {}) =>
    data(submission.reply({ hideFields, fieldErrors: { code: [words] } }), { status, headers });
  switch (result.outcome) {
    case 'logged_in': {
      const headers = new Headers({ 'Set-Cookie': await writeSessionToken(result.token) });
      headers.append('Set-Cookie', await clearStepToken());
      return redirect(safeRedirect(next, '/admin'), { status: 303, headers });
    }
    case 'step_over':
      return redirect(`/log-in?next=${encodeURIComponent(safeRedirect(next, '/admin'))}`, {
        status: 303,
        headers: { 'Set-Cookie': await clearStepToken() },
      });
    case 'wrong_code':
      return refuse(WRONG, 400);
    case 'unreadable':
      return refuse(UNREADABLE_CODE, 409);
    case 'limited': {
      const { retryAfterSeconds } = result;
      return refuse(tooManyTries(retryAfterSeconds), 429, { 'Retry-After': String(retryAfterSeconds) });
    }
    default:
      return assertNever(result);
  }
}

export default function LogInCode() {
  const { next } = useLoaderData<typeof loader>();
  const [form, fields] = useForm({
    lastResult: useActionData<typeof action>(),
    onValidate: ({ formData }) => parseForm(formData, codeSchema),
    shouldRevalidate: 'onInput',
  });
  return (
    <FormPage
      title="Enter your code"
      description="Your password was right. Your account takes a code from your authenticator app as well."
      footer={
        <>
          <p>
            <Link to="/log-in" className="prose-link">
              Begin again
            </Link>
          </p>
          <p>Neither app nor recovery code at hand? An admin of your team can reset your two-step log-in.</p>
        </>
      }
    >
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        <FormError errors={form.errors} id={form.errorId} />
        <input type="hidden" name={fields.next.name} value={next} />
        <TextField
          label="Code"
          description="The six digits that your app shows now, or one of your recovery codes."
          errors={fields.code.errors}
          {...getInputProps(fields.code, { type: 'text' })}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
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

export const meta: MetaFunction = () => [{ title: 'Enter your code · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
