import { getFormProps, getInputProps, type SubmissionResult, useForm } from '@conform-to/react';
import { type ActionFunctionArgs, data, type HeadersFunction, type MetaFunction } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';

import { CheckMail } from '~/components/account/check-mail';
import { FormPage } from '~/components/account/form-page';
import { parseForm } from '~/components/account/parse-form';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { SubmitButton } from '~/components/ui/button';
import { TextField } from '~/components/ui/field';
import { FormError } from '~/components/ui/notice';
import { assertSameOrigin, authContext, clientOf, requestReset } from '~/modules/auth/index.server';
import { emailFormSchema, tooManyTries } from '~/modules/auth/shared';
import { demoMailPage } from '~/modules/mail/index.server';
import { assertNever } from '~/platform/assert-never';

export function loader() {
  return { demo: demoMailPage() };
}

type ForgotReply =
  { step: 'form'; reply: SubmissionResult<string[]> } | { step: 'check_mail'; email: string };

const answer = (reply: ForgotReply, init?: ResponseInit) => data<ForgotReply>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const submission = parseForm(await request.formData(), emailFormSchema);
  if (submission.status !== 'success') {
    return answer({ step: 'form', reply: submission.reply() }, { status: 422 });
  }
  const { email } = submission.value;
  const result = await requestReset(authContext(), { email, client: clientOf(request) });
  switch (result.outcome) {
    case 'check_mail':
      return answer({ step: 'check_mail', email });
    case 'limited': {
      const reply = submission.reply({ formErrors: [tooManyTries(result.retryAfterSeconds)] });
      const headers = { 'Retry-After': String(result.retryAfterSeconds) };
      return answer({ step: 'form', reply }, { status: 429, headers });
    }
    default:
      return assertNever(result);
  }
}

export default function ForgotPassword() {
  const { demo } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  if (answered?.step !== 'check_mail') return <ForgotForm lastResult={answered?.reply} />;
  return (
    <FormPage title="Check your mail">
      <CheckMail demoMailPage={demo}>
        <p>
          If <strong className="font-medium">{answered.email}</strong> has an account, a link to choose a new
          password is on its way. The link works for an hour.
        </p>
      </CheckMail>
    </FormPage>
  );
}

function ForgotForm({ lastResult }: { lastResult: SubmissionResult<string[]> | undefined }) {
  const [form, fields] = useForm({
    lastResult,
    onValidate: ({ formData }) => parseForm(formData, emailFormSchema),
    shouldRevalidate: 'onInput',
  });
  return (
    <FormPage
      title="Forgot your password?"
      description="Enter your e-mail address, and we send you a link to choose a new one."
      footer={
        <p>
          Remembered it?{' '}
          <Link to="/log-in" className="prose-link">
            Log in
          </Link>
        </p>
      }
    >
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        <FormError errors={form.errors} id={form.errorId} />
        <TextField
          label="E-mail"
          autoComplete="username"
          errors={fields.email.errors}
          {...getInputProps(fields.email, { type: 'email' })}
          required
        />
        <SubmitButton variant="primary" size="lg" block pendingLabel="Sending…">
          Send the link
        </SubmitButton>
      </Form>
    </FormPage>
  );
}

/** Carries Retry-After to a page without JavaScript too. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Forgot password · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
