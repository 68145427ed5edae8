import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import { classes } from './classes';
import { ChevronDown, CircleAlert } from './icons';

export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

export interface FieldProps {
  label: ReactNode;
  description?: ReactNode;
  errors?: readonly string[] | undefined;
  optional?: boolean | undefined;
  /** Right of the label: a link such as "Forgot password?" */
  aside?: ReactNode;
  className?: string | undefined;
}

const CONTROL =
  'block w-full rounded border border-line-control bg-surface-raised text-text placeholder:text-text-muted shadow-card transition-colors ' +
  'hover:border-text-muted aria-[invalid]:border-bad-solid disabled:cursor-not-allowed disabled:bg-surface-sunken disabled:text-text-muted ' +
  'focus-visible:border-accent focus-visible:outline-offset-0';

// 16 px on phones: anything smaller makes iOS zoom into the page.
const CONTROL_TEXT = 'text-[1rem] leading-6 sm:text-sm sm:leading-5';

/** Label, control, description and errors, tied together by ids. The control spreads what it is given. */
export function Field({
  label,
  description,
  errors,
  optional = false,
  aside,
  className,
  id,
  children,
}: FieldProps & { id?: string | undefined; children: (control: ControlProps) => ReactNode }) {
  const generated = useId();
  const controlId = id ?? generated;
  const hasErrors = errors !== undefined && errors.length > 0;
  const described = [
    hasErrors ? `${controlId}-errors` : undefined,
    description !== undefined ? `${controlId}-description` : undefined,
  ].filter((name) => name !== undefined);
  return (
    <div className={classes('min-w-0', className)}>
      <div className="mb-1 flex items-baseline justify-between gap-3 text-sm">
        <label htmlFor={controlId} className="font-medium">
          {label}
          {optional ? <span className="font-normal text-text-muted"> (optional)</span> : null}
        </label>
        {aside}
      </div>
      {children({
        id: controlId,
        'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
        'aria-invalid': hasErrors ? true : undefined,
      })}
      {description === undefined ? null : (
        <p id={`${controlId}-description`} className="mt-1 text-xs text-text-muted">
          {description}
        </p>
      )}
      <FieldErrors id={`${controlId}-errors`} errors={errors} />
    </div>
  );
}

function FieldErrors({ id, errors }: { id: string; errors: readonly string[] | undefined }) {
  return (
    <div id={id} aria-live="polite">
      {errors?.map((error) => (
        <p key={error} className="mt-1 flex items-start gap-1 text-xs font-medium text-bad">
          <CircleAlert aria-hidden size={12} className="mt-0.5 shrink-0" />
          {error}
        </p>
      ))}
    </div>
  );
}

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input {...rest} className={classes(CONTROL, CONTROL_TEXT, 'h-10 px-3 sm:h-9', className)} />;
}

export function Textarea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea rows={3} {...rest} className={classes(CONTROL, CONTROL_TEXT, 'px-3 py-2', className)} />;
}

export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={classes('relative block', className)}>
      <select {...rest} className={classes(CONTROL, CONTROL_TEXT, 'h-10 appearance-none pl-3 pr-8 sm:h-9')}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        size={16}
        className="pointer-events-none absolute right-2 top-1/2 -translate-y-1/2 text-text-muted"
      />
    </span>
  );
}

type Without<T> = Omit<T, 'children' | 'className' | 'aria-describedby' | 'aria-invalid'>;

export type TextFieldProps = FieldProps & Without<InputHTMLAttributes<HTMLInputElement>>;

export function TextField({
  label,
  description,
  errors,
  optional,
  aside,
  className,
  id,
  ...input
}: TextFieldProps) {
  return (
    <Field {...{ label, description, errors, optional, aside, className, id }}>
      {(control) => <Input {...input} {...control} />}
    </Field>
  );
}

export type TextareaFieldProps = FieldProps & Without<TextareaHTMLAttributes<HTMLTextAreaElement>>;

export function TextareaField({
  label,
  description,
  errors,
  optional,
  aside,
  className,
  id,
  ...area
}: TextareaFieldProps) {
  return (
    <Field {...{ label, description, errors, optional, aside, className, id }}>
      {(control) => <Textarea {...area} {...control} />}
    </Field>
  );
}

export type SelectFieldProps = FieldProps &
  Without<SelectHTMLAttributes<HTMLSelectElement>> & { options: readonly { value: string; label: string }[] };

export function SelectField({
  label,
  description,
  errors,
  optional,
  aside,
  className,
  id,
  options,
  ...select
}: SelectFieldProps) {
  return (
    <Field {...{ label, description, errors, optional, aside, className, id }}>
      {(control) => (
        <Select {...select} {...control}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

export type CheckboxFieldProps = Pick<FieldProps, 'label' | 'description' | 'errors' | 'className'> &
  Without<Omit<InputHTMLAttributes<HTMLInputElement>, 'type'>>;

export function CheckboxField({ label, description, errors, className, id, ...input }: CheckboxFieldProps) {
  const generated = useId();
  const controlId = id ?? generated;
  const hasErrors = errors !== undefined && errors.length > 0;
  const described = [
    hasErrors ? `${controlId}-errors` : undefined,
    description === undefined ? undefined : `${controlId}-description`,
  ].filter((name) => name !== undefined);
  return (
    <div className={classes('flex items-start gap-2', className)}>
      <input
        {...input}
        id={controlId}
        type="checkbox"
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
        aria-invalid={hasErrors ? true : undefined}
        className="mt-0.5 h-4 w-4 shrink-0 accent-accent"
      />
      <div className="text-sm">
        <label htmlFor={controlId}>{label}</label>
        {description === undefined ? null : (
          <p id={`${controlId}-description`} className="text-xs text-text-muted">
            {description}
          </p>
        )}
        <FieldErrors id={`${controlId}-errors`} errors={errors} />
      </div>
    </div>
  );
}
