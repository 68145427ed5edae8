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

import { CheckMail } from '~/components/account/check-mail';
import { ConfirmAddress } from '~/components/account/confirm-address';
import { FormPage } from '~/components/account/form-page';
import { parseForm } from '~/components/account/parse-form';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { SubmitButton } from '~/components/ui/button';
import { TextField } from '~/components/ui/field';
import { FormError, Notice } from '~/components/ui/notice';
import {
  assertSameOrigin,
  authContext,
  clientOf,
  confirmEmail,
  readConfirmation,
  readSessionToken,
  resendConfirmation,
  safeRedirect,
  writeSessionToken,
} from '~/modules/auth/index.server';
import { confirmEmailSchema, emailFormSchema, tooManyTries, VERIFY_INTENTS } from '~/modules/auth/shared';
import { demoMailPage } from '~/modules/mail/index.server';
import { assertNever } from '~/platform/assert-never';

const WRONG_PASSWORD = 'That is not the password that was chosen at sign-up.';

/** A link only shows its form: programs that open the links of mails must not use them up. */
export async function loader({ request }: LoaderFunctionArgs) {
  const parameters = new URL(request.url).searchParams;
  const token = parameters.get('token');
  const demo = demoMailPage();
  if (token === null) return { link: 'none', demo } as const;
  const owner = await readConfirmation(authContext(), token);
  if (owner === undefined) return { link: 'over', demo } as const;
  return {
    link: 'good',
    token,
    email: owner.email,
    next: safeRedirect(parameters.get('next')),
    demo,
  } as const;
}

type VerifyReply =
  | { step: 'link_over' }
  | { step: 'confirm'; reply: SubmissionResult<string[]> }
  | { step: 'check_mail'; email: string }
  | { step: 'resend'; reply: SubmissionResult<string[]> };

const answer = (reply: VerifyReply, init?: ResponseInit) => data<VerifyReply>(reply, init);

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const form = await request.formData();
  return form.get('intent') === VERIFY_INTENTS.resend ? resend(request, form) : confirm(request, form);
}

async function confirm(request: Request, form: FormData) {
  const submission = parseForm(form, confirmEmailSchema);
  const hideFields = ['password'];
  if (submission.status !== 'success') {
    if (submission.error?.token !== undefined) return answer({ step: 'link_over' }, { status: 400 });
    return answer({ step: 'confirm', reply: submission.reply({ hideFields }) }, { status: 422 });
  }
  const { token, password, next } = submission.value;
  const former = await readSessionToken(request);
  const result = await confirmEmail(authContext(), { token, password, client: clientOf(request), former });
  switch (result.outcome) {
    case 'confirmed':
      return redirect(safeRedirect(next), {
        status: 303,
        headers: { 'Set-Cookie': await writeSessionToken(result.token) },
      });
    case 'link_over':
      return answer({ step: 'link_over' }, { status: 410 });
    case 'wrong_password': {
      const reply = submission.reply({ hideFields, fieldErrors: { password: [WRONG_PASSWORD] } });
      return answer({ step: 'confirm', reply }, { status: 422 });
    }
    case 'limited': {
      const reply = submission.reply({ hideFields, formErrors: [tooManyTries(result.retryAfterSeconds)] });
      const headers = { 'Retry-After': String(result.retryAfterSeconds) };
      return answer({ step: 'confirm', reply }, { status: 429, headers });
    }
    default:
      return assertNever(result);
  }
}

async function resend(request: Request, form: FormData) {
  const submission = parseForm(form, emailFormSchema);
  if (submission.status !== 'success') {
    return answer({ step: 'resend', reply: submission.reply() }, { status: 422 });
  }
  const { email } = submission.value;
  const result = await resendConfirmation(authContext(), { email, client: clientOf(request) });
  switch (result.outcome) {
    case 'check_mail':
      return answer({ step: 'check_mail', email });
    case 'limited': {
      const reply = submission.reply({ formErrors: [tooManyTries(result.retryAfterSeconds)] });
      const headers = { 'Retry-After': String(result.retryAfterSeconds) };
      return answer({ step: 'resend', reply }, { status: 429, headers });
    }
    default:
      return assertNever(result);
  }
}

export default function VerifyEmail() {
  const loaded = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  if (answered?.step === 'check_mail') {
    return (
      <FormPage title="Check your mail">
        <CheckMail demoMailPage={loaded.demo}>
          <p>
            If <strong className="font-medium">{answered.email}</strong> is still to be confirmed, a new link
            is on its way. The link works for 24 hours.
          </p>
        </CheckMail>
      </FormPage>
    );
  }
  if (loaded.link === 'good' && (answered === undefined || answered.step === 'confirm')) {
    const { token, email, next } = loaded;
    return <ConfirmAddress {...{ token, email, next }} lastResult={answered?.reply} />;
  }
  return (
    <Resend
      isLinkOver={answered?.step === 'link_over' || (answered?.step !== 'resend' && loaded.link === 'over')}
      lastResult={answered?.step === 'resend' ? answered.reply : undefined}
    />
  );
}

function Resend({
  isLinkOver,
  lastResult,
}: {
  isLinkOver: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
}) {
  const [form, fields] = useForm({
    lastResult,
    onValidate: ({ formData }) => parseForm(formData, emailFormSchema),
    shouldRevalidate: 'onInput',
  });
  return (
    <FormPage
      title="Confirm your address"
      footer={
        <p>
          Confirmed already?{' '}
          <Link to="/log-in" className="prose-link">
            Log in
          </Link>
        </p>
      }
      description="Open the link in the e-mail we sent when you signed up, or ask for a new one."
    >
      <Form method="post" action="/verify-email" {...getFormProps(form)} className="flex flex-col gap-5">
        {isLinkOver ? (
          <Notice tone="warn" role="alert" title="This link no longer works">
            It was already used, or is more than 24 hours old. If you have confirmed your address already,
            just log in.
          </Notice>
        ) : null}
        <FormError errors={form.errors} id={form.errorId} />
        <TextField
          label="E-mail"
          autoComplete="email"
          errors={fields.email.errors}
          {...getInputProps(fields.email, { type: 'email' })}
          required
        />
        <SubmitButton
          name="intent"
          value={VERIFY_INTENTS.resend}
          variant="primary"
          size="lg"
          block
          pendingLabel="Sending…"
        >
          Send a new link
        </SubmitButton>
      </Form>
    </FormPage>
  );
}

/** Carries Retry-After to a page without JavaScript too. */
export const headers: HeadersFunction = ({ actionHeaders }) => actionHeaders;

export const meta: MetaFunction = () => [{ title: 'Confirm your address · Credence' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary />;
}
