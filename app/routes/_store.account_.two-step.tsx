import { type ActionFunctionArgs, data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';

import { BeginTwoStep, ChangeTwoStep, ConfirmTwoStep, RecoveryCodes } from '~/components/account/two-step';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { Notice } from '~/components/ui/notice';
import { PageHeader } from '~/components/ui/page-header';
import {
  assertSameOrigin,
  authContext,
  beginTotp,
  confirmTotp,
  endTotp,
  recoveryCodesLeft,
  renewRecoveryCodes,
  type ProveIdentityOutcome,
  requireStaff,
  safeRedirect,
  type TotpSetup,
} from '~/modules/auth/index.server';
import {
  beginTwoStepSchema,
  confirmTwoStepSchema,
  provenTwoStepSchema,
  type StaffUser,
  tooManyTries,
  TWO_STEP_INTENTS,
  UNREADABLE_CODE,
} from '~/modules/auth/shared';
import { assertNever } from '~/platform/assert-never';
import { env } from '~/platform/env.server';

/** Open to staff who have none yet: this is where they get it. */
const NOT_YET = { twoStep: 'optional' } as const;

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer', NOT_YET);
  const next = safeRedirect(new URL(request.url).searchParams.get('next'), '/admin');
  const { email, hasTotp } = user;
  const codesLeft = hasTotp ? await recoveryCodesLeft(authContext().db, user.id) : 0;
  return { email, hasTotp, codesLeft, next, isRequired: env().STAFF_TOTP === 'required' };
}

type TwoStepReply =
  | { step: 'confirm'; setup: TotpSetup; error?: string }
  /** `on`: with the first good code; `new`: in the place of all before. */
  | { step: 'keep'; why: 'on' | 'new'; recoveryCodes: string[] }
  | { step: 'off' }
  | { step: 'refused'; error: string; field?: 'password' | 'code' };

const answer = (reply: TwoStepReply, status = 200) => data<TwoStepReply>(reply, { status });

export async function action({ request }: ActionFunctionArgs) {
  assertSameOrigin(request);
  const user = await requireStaff(request, 'viewer', NOT_YET);
  const form = Object.fromEntries(await request.formData());
  switch (form['intent']) {
    case TWO_STEP_INTENTS.begin:
      return begin(user, form);
    case TWO_STEP_INTENTS.confirm:
      return confirm(user, form);
    case TWO_STEP_INTENTS.newCodes:
      return renew(user, form);
    case TWO_STEP_INTENTS.end:
      return end(user, form);
    case undefined:
    default:
      throw new Response('Unknown act.', { status: 400 });
  }
}

const limited = (retryAfterSeconds: number) =>
  answer({ step: 'refused', error: tooManyTries(retryAfterSeconds) }, 429);
const wrongPassword = () =>
  answer({ step: 'refused', error: 'That is not your password.', field: 'password' }, 422);

async function begin(user: StaffUser, form: Record<string, unknown>) {
  const parsed = beginTwoStepSchema.safeParse(form);
  if (!parsed.success) return wrongPassword();
  const result = await beginTotp(authContext(), { user, ...parsed.data });
  switch (result.outcome) {
    case 'begun':
      return answer({ step: 'confirm', setup: result.setup });
    case 'wrong_password':
      return wrongPassword();
    case 'already_on':
      return answer({ step: 'refused', error: 'Two-step log-in is on already.' }, 409);
    case 'no_key':
      return answer(
        {
          step: 'refused',
          error: 'Set ENCRYPTION_KEYS on this server first: it has no key to keep secrets with.',
        },
        409,
      );
    case 'limited':
      return limited(result.retryAfterSeconds);
    default:
      return assertNever(result);
  }
}

async function confirm(user: StaffUser, form: Record<string, unknown>) {
  const parsed = confirmTwoStepSchema.safeParse(form);
  const result = await confirmTotp(authContext(), { user, code: parsed.data?.code ?? '' });
  switch (result.outcome) {
    case 'on':
      return answer({ step: 'keep', why: 'on', recoveryCodes: result.recoveryCodes });
    case 'wrong_code': {
      const error =
        'That is not the code that your app shows now. Check the clock of your phone and try the next one.';
      return answer({ step: 'confirm', setup: result.setup, error }, 422);
    }
    case 'setup_over':
      return answer(
        { step: 'refused', error: 'That took too long, or was begun anew elsewhere. Begin again.' },
        409,
      );
    case 'limited':
      return limited(result.retryAfterSeconds);
    default:
      return assertNever(result);
  }
}

const unproven = () => answer({ step: 'refused', error: 'Enter your password and a code.' }, 422);

/** A proof of identity that was not taken. */
function refuse(result: Exclude<ProveIdentityOutcome, { outcome: 'proven' }>) {
  switch (result.outcome) {
    case 'wrong_password':
      return wrongPassword();
    case 'wrong_code': {
      const error = 'That code is not right, or was used before.';
      return answer({ step: 'refused', error, field: 'code' }, 422);
    }
    case 'unreadable':
      return answer({ step: 'refused', error: UNREADABLE_CODE, field: 'code' }, 409);
    case 'limited':
      return limited(result.retryAfterSeconds);
    default:
      return assertNever(result);
  }
}

async function renew(user: StaffUser, form: Record<string, unknown>) {
  const parsed = provenTwoStepSchema.safeParse(form);
  if (!parsed.success) return unproven();
  const result = await renewRecoveryCodes(authContext(), { user, ...parsed.data });
  if (result.outcome === 'renewed')
    return answer({ step: 'keep', why: 'new', recoveryCodes: result.recoveryCodes });
  if (result.outcome === 'not_on') {
    const error = 'Two-step log-in is off by now: set it up, and you get ten recovery codes.';
    return answer({ step: 'refused', error }, 409);
  }
  return refuse(result);
}

async function end(user: StaffUser, form: Record<string, unknown>) {
  const parsed = provenTwoStepSchema.safeParse(form);
  if (!parsed.success) return unproven();
  const result = await endTotp(authContext(), { user, ...parsed.data });
  return result.outcome === 'off' ? answer({ step: 'off' }) : refuse(result);
}

export default function TwoStep() {
  const { email, hasTotp, codesLeft, next, isRequired } = useLoaderData<typeof loader>();
  const answered = useActionData<typeof action>();
  const refused = answered?.step === 'refused' ? answered : undefined;
  return (
    <div className="mx-auto max-w-[44rem] space-y-5">
      <PageHeader title="Two-step log-in" back={{ to: '/account', label: 'Your account' }} />
      {isRequired && !hasTotp ? (
        <Notice tone="warn" title="The console opens once this is on">
          Everybody on staff here logs in with a code from an authenticator app beside their password.
        </Notice>
      ) : null}
      {answered?.step === 'off' ? (
        <Notice tone="ok" role="status">
          Two-step log-in is off. Your password alone opens your account.
        </Notice>
      ) : null}
      {answered?.step === 'keep' ? (
        <RecoveryCodes why={answered.why} codes={answered.recoveryCodes} next={next} />
      ) : hasTotp ? (
        <ChangeTwoStep email={email} codesLeft={codesLeft} refused={refused} />
      ) : answered?.step === 'confirm' ? (
        <ConfirmTwoStep setup={answered.setup} error={answered.error} />
      ) : (
        <BeginTwoStep email={email} refused={refused} />
      )}
    </div>
  );
}

export const meta: MetaFunction = () => [{ title: 'Two-step log-in · Credence' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      texts={{
        403: {
          title: 'Two-step log-in is for staff',
          happened: 'The account you are logged in with is not a staff account.',
        },
      }}
    />
  );
}
