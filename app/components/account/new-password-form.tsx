import { getFormProps, getInputProps, type SubmissionResult, useForm } from '@conform-to/react';
import { Form } from '@remix-run/react';
import { SubmitButton } from '~/components/ui/button';
import { FormError } from '~/components/ui/notice';
import { newPasswordFormSchema, PASSWORD_MIN } from '~/modules/auth/shared';
import { FormPage } from './form-page';
import { parseForm } from './parse-form';
import { PasswordField } from './password-field';

export interface NewPasswordFormProps {
  title: string;
  /** What the password is for, in a sentence. */
  description: string;
  /** Of the link that opened this page. */
  token: string;
  /** Whose password it is. */
  email: string;
  label: string;
  submitLabel: string;
  pendingLabel: string;
  lastResult: SubmissionResult<string[]> | undefined;
}

/** A password is chosen by whoever holds a link: of an invitation, or of a lost password. */
export function NewPasswordForm({ title, description, token, email, ...rest }: NewPasswordFormProps) {
  const [form, fields] = useForm({
    lastResult: rest.lastResult,
    onValidate: ({ formData }) => parseForm(formData, newPasswordFormSchema),
    shouldValidate: 'onBlur',
    shouldRevalidate: 'onInput',
  });
  return (
    <FormPage title={title} description={<span className="[overflow-wrap:anywhere]">{description}</span>}>
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        <FormError errors={form.errors} id={form.errorId} />
        <input type="hidden" name={fields.token.name} value={token} />
        {/* Tells password managers whose password this is. */}
        <input type="text" hidden readOnly autoComplete="username" value={email} />
        <PasswordField
          label={rest.label}
          description={`At least ${PASSWORD_MIN} characters. A few random words make a good one.`}
          errors={fields.password.errors}
          {...getInputProps(fields.password, { type: 'password' })}
          autoComplete="new-password"
          required
        />
        <SubmitButton variant="primary" size="lg" block pendingLabel={rest.pendingLabel}>
          {rest.submitLabel}
        </SubmitButton>
      </Form>
    </FormPage>
  );
}
