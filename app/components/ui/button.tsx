import { Link, type LinkProps, useNavigation } from '@remix-run/react';
import type { LucideIcon } from 'lucide-react';
import { type ButtonHTMLAttributes, type MouseEvent, type ReactNode } from 'react';
import { classes } from './classes';
import { LoaderCircle } from './icons';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'lg';

interface Look {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  icon?: LucideIcon | undefined;
  block?: boolean | undefined;
}

const VARIANT: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-accent text-accent-on shadow-card hover:bg-accent-hover',
  secondary: 'border-line-strong bg-surface-raised text-text shadow-card hover:bg-surface-hover',
  ghost: 'border-transparent text-text-muted hover:bg-surface-hover hover:text-text',
  danger: 'border-transparent bg-bad-solid text-bad-on shadow-card hover:bg-bad-solid-hover',
};

const SIZE: Record<ButtonSize, string> = {
  sm: 'h-8 gap-1.5 px-3 text-sm',
  md: 'h-9 gap-2 px-4 text-sm',
  lg: 'h-12 gap-2 px-5 text-base',
};

function look(
  { variant = 'secondary', size = 'md', block = false }: Look,
  className: string | undefined,
): string {
  return classes(
    'relative inline-flex select-none items-center justify-center whitespace-nowrap rounded border font-medium transition-colors',
    'aria-disabled:cursor-default aria-disabled:opacity-60 disabled:cursor-not-allowed disabled:opacity-50',
    VARIANT[variant],
    SIZE[size],
    block && 'w-full',
    className,
  );
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, Look {
  /** Keeps focus and refuses further clicks until the answer is there. */
  pending?: boolean | undefined;
  pendingLabel?: string | undefined;
}

export function Button({
  variant,
  size,
  icon: Icon,
  block,
  pending = false,
  pendingLabel,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  function handleClick(event: MouseEvent<HTMLButtonElement>) {
    if (pending) event.preventDefault();
    else onClick?.(event);
  }
  return (
    <button
      type="button"
      {...rest}
      onClick={handleClick}
      aria-disabled={pending ? true : undefined}
      aria-busy={pending ? true : undefined}
      className={look({ variant, size, block }, className)}
    >
      {pending ? (
        <LoaderCircle aria-hidden size={16} className="animate-spin" />
      ) : Icon ? (
        <Icon aria-hidden size={16} />
      ) : null}
      {pending ? (pendingLabel ?? children) : children}
    </button>
  );
}

export interface SubmitButtonProps extends Omit<ButtonProps, 'type' | 'pending' | 'name' | 'value'> {
  pendingLabel: string;
  name?: string | undefined;
  value?: string | undefined;
}

/** Pending while its own form is under way; with a name, only when that button was the one pressed. */
export function SubmitButton({ name, value, ...rest }: SubmitButtonProps) {
  const navigation = useNavigation();
  const sent = navigation.formData;
  const pending = sent !== undefined && (name === undefined || sent.get(name) === (value ?? ''));
  return (
    <Button
      {...rest}
      type="submit"
      pending={pending}
      {...(name === undefined ? {} : { name, value: value ?? '' })}
    />
  );
}

export interface ButtonLinkProps extends LinkProps, Look {}

export function ButtonLink({
  variant,
  size,
  icon: Icon,
  block,
  className,
  children,
  ...rest
}: ButtonLinkProps) {
  return (
    <Link {...rest} className={look({ variant, size, block }, className)}>
      {Icon ? <Icon aria-hidden size={16} /> : null}
      {children}
    </Link>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  label: string;
  icon: LucideIcon;
  size?: 'sm' | 'md' | undefined;
}

export function IconButton({ label, icon: Icon, size = 'md', className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={classes(
        'inline-flex shrink-0 items-center justify-center rounded text-text-muted transition-colors hover:bg-surface-hover hover:text-text disabled:opacity-50',
        size === 'sm' ? 'h-7 w-7' : 'h-9 w-9',
        className,
      )}
    >
      <Icon aria-hidden size={size === 'sm' ? 14 : 18} />
    </button>
  );
}

export function ButtonRow({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2">{children}</div>;
}
