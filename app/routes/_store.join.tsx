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
import { SubmitButton } from '~/components/ui/button';
import { FormError } from '~/components/ui/notice';
import {
  assertSameOrigin,
  authContext,
  clientOf,
  joinStaff,
  readInvite,
  readSessionToken,
  writeSessionToken,
} from '~/modules/auth/index.server';
import { joinSchema, PASSWORD_IS_EMAIL, PASSWORD_MIN, ROLE_LABELS } from '~/modules/auth/shared';
import { assertNever } from '~/platform/assert-never';

/** A link only shows its form: programs that open the links of mails must not use them up. */
export async function loader({ request }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get('token') ?? '';
  const invite = await readInvite(authContext(), token);
  return invite === undefined ? null : { token, ...invite };
}

type JoinReply = { step: 'form'; reply: SubmissionResult<string[]> } | { step: 'link_over' };

const answer = (reply: JoinReply, init?: ResponseInit) => data<JoinReply>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const submission = parseForm(await request.formData(), joinSchema);
  const hideFields = ['password'];
  if (submission.status !== 'success')
    return answer({ step: 'form', reply: submission.reply({ hideFields }) }, { status: 422 });
  const former = await readSessionToken(request);
  const result = await joinStaff(authContext(), { ...submission.value, client: clientOf(request), former });
  switch (result.outcome) {
    case 'joined':
      return redirect('/admin', {
        status: 303,
        headers: { 'Set-Cookie': await writeSessionToken(result.token) },
      });
    case 'password_is_email': {
      const reply = submission.reply({ hideFields, fieldErrors: { password: [PASSWORD_IS_EMAIL] } });
      return answer({ step: 'form', reply }, { status: 422 });
    }
    case 'is_customer': {
      const words =
        'There is an account of the store with your address. Ask for an invitation to another address.';
      return answer(
        { step: 'form', reply: submission.reply({ hideFields, formErrors: [words] }) },
        { status: 409 },
      );
    }
    case 'link_over':
      return answer({ step: 'link_over' }, { status: 410 });
    default:
      return assertNever(result);
  }
}

export default function Join() {
  const loaded = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  if (loaded === null || answered?.step === 'link_over')
    return (
      <FormPage title="This link no longer works">
        <p>
          It was already used, was withdrawn, or is more than 7 days old. Ask an admin of your team for
          another.
        </p>
      </FormPage>
    );
  return <JoinForm {...loaded} lastResult={answered?.reply} />;
}

interface JoinFormProps {
  token: string;
  email: string;
  name: string;
  role: keyof typeof ROLE_LABELS;
  lastResult: SubmissionResult<string[]> | undefined;
}

function JoinForm({ token, email, name, role, lastResult }: JoinFormProps) {
  const [form, fields] = useForm({
    lastResult,
    onValidate: ({ formData }) => parseForm(formData, joinSchema),
    shouldValidate: 'onBlur',
    shouldRevalidate: 'onInput',
  });
  return (
    <FormPage
      title={`Welcome, ${name}`}
      description={
        <span className="[overflow-wrap:anywhere]">
          Choose a password for {email}, and you are in the console as {ROLE_LABELS[role]}.
        </span>
      }
    >
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        <FormError errors={form.errors} id={form.errorId} />
        <input type="hidden" name={fields.token.name} value={token} />
        {/* Tells password managers whose password this is. */}
        <input type="text" hidden readOnly autoComplete="username" value={email} />
        <PasswordField
          label="Password"
          description={`At least ${PASSWORD_MIN} characters. A few random words make a good one.`}
          errors={fields.password.errors}
          {...getInputProps(fields.password, { type: 'password' })}
          autoComplete="new-password"
          required
        />
        <SubmitButton variant="primary" size="lg" block pendingLabel="Joining…">
          Join the team
        </SubmitButton>
      </Form>
    </FormPage>
  );
}

export const meta: MetaFunction = () => [{ title: 'Join the team · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
