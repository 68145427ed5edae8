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
import {
  assertSameOrigin,
  authContext,
  clientOf,
  joinStaff,
  readInvite,
  readSessionToken,
  writeSessionToken,
} from '~/modules/auth/index.server';
import { newPasswordFormSchema, PASSWORD_IS_EMAIL, ROLE_LABELS } from '~/modules/auth/shared';
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
  const submission = parseForm(await request.formData(), newPasswordFormSchema);
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
  const { token, email, name, role } = loaded;
  return (
    <NewPasswordForm
      title={`Welcome, ${name}`}
      description={`Choose a password for ${email}, and you are in the console as ${ROLE_LABELS[role]}.`}
      token={token}
      email={email}
      label="Password"
      submitLabel="Join the team"
      pendingLabel="Joining…"
      lastResult={answered?.reply}
    />
  );
}

export const meta: MetaFunction = () => [{ title: 'Join the team · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
