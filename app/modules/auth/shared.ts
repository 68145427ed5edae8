import * as z from 'zod/mini';

/** From least to most: each staff role may do what the ones before it may. */
export const ROLES = ['customer', 'viewer', 'support', 'finance', 'admin'] as const;
export type Role = (typeof ROLES)[number];
export type StaffRole = Exclude<Role, 'customer'>;

export const ROLE_LABELS: Record<Role, string> = {
  customer: 'Customer',
  viewer: 'Viewer',
  support: 'Support',
  finance: 'Finance',
  admin: 'Admin',
};

/** Which roles include what the least one may do. */
interface RolesFrom {
  viewer: StaffRole;
  support: 'support' | 'finance' | 'admin';
  finance: 'finance' | 'admin';
  admin: 'admin';
}

/** Whether a role includes what `least` may do. */
export const hasRole = <Least extends StaffRole>(role: Role, least: Least): role is RolesFrom[Least] =>
  ROLES.indexOf(role) >= ROLES.indexOf(least);

/** The person behind a request. */
export interface SessionUser {
  id: string;
  email: string;
  name: string;
  role: Role;
  emailVerified: boolean;
  /** Whether a log-in of theirs takes a code beside the password. */
  hasTotp: boolean;
  /** Who they are as a holder of credits; staff hold none. */
  customerId: string | undefined;
  sessionId: string;
  /** When they last proved that it is them. */
  provenAt: Date;
}

/** A member of staff, of this role or one that includes it. */
export type StaffUser<Least extends StaffRole = 'viewer'> = SessionUser & { role: RolesFrom[Least] };

/** The product's user whom a store link let in: a customer, without a log-in here. */
export interface HandedOff {
  customerId: string;
  /** As the product told them, or as their log-in has them; they may have neither. */
  email: string | null;
  name: string | null;
  /** What the product calls them. */
  externalId: string | null;
  book: 'test' | 'live';
  /** The product's page that they came from and go back to. */
  returnUrl: string;
}

/** Whoever a session belongs to. */
export type Visitor = { kind: 'user'; user: SessionUser } | { kind: 'handed_off'; customer: HandedOff };

/** Who buys in the store and sees their credits there: what a log-in and a hand-off have in common. */
export interface Shopper {
  customerId: string;
  /** Without one, Stripe's page asks for it and our mails are not sent. */
  email: string | null;
  name: string | null;
  /** A person confirms their address before they buy; for its own user the product vouches. */
  mayBuy: boolean;
  /** Where a hand-off leads back to. */
  wayBack: WayBack | undefined;
}

/** To the page of the product that handed a customer off. */
export interface WayBack {
  to: string;
  label: string;
}

/** What the product calls one of its users. Ids of ours begin with `cst_`, so that neither is read as the other. */
export const externalIdSchema = z
  .string()
  .check(
    z.regex(
      /^(?!cst_)[\w.:@+|=~-]{1,128}$/,
      'Use 1 to 128 letters, digits and . _ - : @ + | = ~, not beginning with cst_.',
    ),
  );

export const PASSWORD_MIN = 10;
const PASSWORD_MAX = 128;

export const emailSchema = z
  .string({ error: 'Enter your e-mail address.' })
  .check(
    z.trim(),
    z.toLowerCase(),
    z.maxLength(254, 'That address is too long.'),
    z.email('Enter a full e-mail address, such as name@example.com.'),
  );

export const nameSchema = z
  .string({ error: 'Enter your name.' })
  .check(
    z.trim(),
    z.minLength(1, 'Enter your name.'),
    z.maxLength(100, 'Use at most 100 characters.'),
    z.regex(/^\P{Cc}*$/u, 'Leave out line breaks and control characters.'),
  );

export const newPasswordSchema = z
  .string({ error: 'Choose a password.' })
  .check(
    z.minLength(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters.`),
    z.maxLength(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters.`),
  );

/** A password that is being proven, not chosen: its length is only bounded. */
const provenPassword = z
  .string({ error: 'Enter your password.' })
  .check(z.maxLength(PASSWORD_MAX, 'That is longer than any password here.'));

/** Any of today's addresses is no password, however it is written. */
export const isOwnEmail = (password: string, email: string): boolean =>
  password.trim().toLowerCase() === email.trim().toLowerCase();

export const PASSWORD_IS_EMAIL = 'Choose a password that is not your e-mail address.';

const next = z.optional(z.string().check(z.maxLength(2000)));
const token = z.string({ error: 'The link is not complete.' }).check(z.maxLength(200));

export const signUpSchema = z
  .object({ name: nameSchema, email: emailSchema, password: newPasswordSchema, next })
  .check(
    z.refine((form) => !isOwnEmail(form.password, form.email), {
      path: ['password'],
      error: PASSWORD_IS_EMAIL,
    }),
  );

export const logInSchema = z.object({ email: emailSchema, password: provenPassword, next });

export const emailFormSchema = z.object({ email: emailSchema });

export const confirmEmailSchema = z.object({ token, password: provenPassword, next });

/** What a link of an invitation or of a lost password opens. */
export const newPasswordFormSchema = z.object({ token, password: newPasswordSchema });

export const changePasswordSchema = z.object({ current: provenPassword, password: newPasswordSchema });

/** Six digits of an authenticator app, or a recovery code. */
const code = z
  .string({ error: 'Enter the code.' })
  .check(
    z.trim(),
    z.minLength(6, 'A code has six digits.'),
    z.maxLength(40, 'That is longer than any code here.'),
  );

export const codeSchema = z.object({ code, next });

/** The code is asked for where a log-in takes one. */
export const proofSchema = z.object({ password: provenPassword, code: z.optional(code) });

export const beginTwoStepSchema = z.object({ password: provenPassword });

export const confirmTwoStepSchema = z.object({ code });

/** For what ends two-step log-in, or makes its recovery codes anew. */
export const provenTwoStepSchema = z.object({ password: provenPassword, code });

export const TWO_STEP_INTENTS = {
  begin: 'begin',
  confirm: 'confirm',
  newCodes: 'new-codes',
  end: 'end',
} as const;

export const UNREADABLE_CODE =
  'Codes from your app cannot be checked: the key that keeps your secret is gone from this server. Use a recovery code, or ask an admin to reset your two-step log-in.';

export const endSessionSchema = z.object({ session: z.string().check(z.regex(/^[0-9a-f]{64}$/)) });

export const VERIFY_INTENTS = { confirm: 'confirm', resend: 'resend' } as const;

export const ACCOUNT_INTENTS = {
  changePassword: 'change-password',
  endSession: 'end-session',
  endOthers: 'end-other-sessions',
} as const;

/** What a page says when an act is refused for a while. */
export function tooManyTries(retryAfterSeconds: number): string {
  const wait = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  return `Too many tries. Wait ${wait === 1 ? 'a minute' : `${wait} minutes`}, then try again.`;
}

/** Why an admin acts on the team, for the audit. */
export const TEAM_REASONS = [
  'joins',
  'new_duties',
  'leaves',
  'lost_device',
  'suspected_misuse',
  'correction',
] as const;
export type TeamReason = (typeof TEAM_REASONS)[number];

export const TEAM_REASON_LABELS: Record<TeamReason, string> = {
  joins: 'Joins the team',
  new_duties: 'New duties',
  leaves: 'Leaves the team',
  lost_device: 'Lost phone or laptop',
  suspected_misuse: 'Suspected misuse',
  correction: 'Correction of a mistake',
};

export const STAFF_ROLES = ['viewer', 'support', 'finance', 'admin'] as const satisfies readonly StaffRole[];

export const TEAM_INTENTS = {
  invite: 'invite',
  withdraw: 'withdraw-invitation',
  changeRole: 'change-role',
  remove: 'remove',
  endSessions: 'end-sessions',
  resetTwoStep: 'reset-two-step',
} as const;
