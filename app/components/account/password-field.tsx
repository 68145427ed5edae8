import { type InputHTMLAttributes, useState, useSyncExternalStore } from 'react';
import { IconButton } from '~/components/ui/button';
import { Field, type FieldProps, Input } from '~/components/ui/field';
import { Eye, EyeOff } from '~/components/ui/icons';

export type PasswordFieldProps = FieldProps &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'children' | 'className' | 'type'> & {
    autoComplete: 'current-password' | 'new-password';
  };

const never = () => () => undefined;

/** A password and a switch that shows it. The switch comes with JavaScript, in space that is kept for it. */
export function PasswordField({
  label,
  description,
  errors,
  optional,
  aside,
  className,
  id,
  ...input
}: PasswordFieldProps) {
  const [isShown, setIsShown] = useState(false);
  const isInBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return (
    <Field {...{ label, description, errors, optional, aside, className, id }}>
      {(control) => (
        <div className="relative">
          <Input
            {...input}
            {...control}
            type={isShown ? 'text' : 'password'}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            className="pr-10"
          />
          {isInBrowser ? (
            <IconButton
              label={isShown ? 'Hide password' : 'Show password'}
              icon={isShown ? EyeOff : Eye}
              size="sm"
              aria-pressed={isShown}
              aria-controls={control.id}
              className="absolute right-1.5 top-1/2 -translate-y-1/2"
              onClick={() => setIsShown(!isShown)}
            />
          ) : null}
        </div>
      )}
    </Field>
  );
}
