import { getFormProps, getInputProps, type SubmissionResult, useForm } from '@conform-to/react';
import { Form, Link } from '@remix-run/react';
import { SubmitButton } from '~/components/ui/button';
import { FormError } from '~/components/ui/notice';
import { confirmEmailSchema, VERIFY_INTENTS } from '~/modules/auth/shared';
import { FormPage } from './form-page';
import { parseForm } from './parse-form';
import { PasswordField } from './password-field';

export interface ConfirmAddressProps {
  token: string;
  email: string;
  next: string;
  lastResult: SubmissionResult<string[]> | undefined;
}

/** Where the link of a sign-up leads. Only who signed up knows the password; anyone may have typed the address. */
export function ConfirmAddress({ token, email, next, lastResult }: ConfirmAddressProps) {
  const [form, fields] = useForm({
    lastResult,
    onValidate: ({ formData }) => parseForm(formData, confirmEmailSchema),
    shouldRevalidate: 'onInput',
  });
  return (
    <FormPage
      title="Confirm your address"
      footer={
        <p>
          Do not know the password?{' '}
          <Link to="/forgot-password" className="prose-link">
            Choose a new one
          </Link>
          . That confirms your address too.
        </p>
      }
    >
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        <p className="[overflow-wrap:anywhere]">
          Enter the password you chose at sign-up to confirm that{' '}
          <strong className="font-medium">{email}</strong> is yours. If you did not sign up, close this page.
        </p>
        <FormError errors={form.errors} id={form.errorId} />
        <input type="hidden" name={fields.token.name} value={token} />
        <input type="hidden" name={fields.next.name} value={next} />
        {/* Tells password managers whose password this is. */}
        <input type="text" hidden readOnly autoComplete="username" value={email} />
        <PasswordField
          label="Password"
          errors={fields.password.errors}
          {...getInputProps(fields.password, { type: 'password' })}
          autoComplete="current-password"
          required
        />
        <SubmitButton
          name="intent"
          value={VERIFY_INTENTS.confirm}
          variant="primary"
          size="lg"
          block
          pendingLabel="Confirming…"
        >
          Confirm and log in
        </SubmitButton>
      </Form>
    </FormPage>
  );
}
