import { Form } from '@remix-run/react';
import { ButtonLink, ButtonRow, SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { CodeBlock } from '~/components/ui/code-block';
import { TextField } from '~/components/ui/field';
import { FormError, Notice } from '~/components/ui/notice';
import { TWO_STEP_INTENTS } from '~/modules/auth/shared';
import { PasswordField } from './password-field';

interface Refused {
  error: string;
  field?: 'password' | 'code';
}

const errorOf = (refused: Refused | undefined, field: Refused['field']) =>
  refused !== undefined && refused.field === field ? [refused.error] : undefined;

const FORM = 'flex max-w-form flex-col items-start gap-5 [&>div]:w-full';

interface OwnPasswordProps {
  email: string;
  refused: Refused | undefined;
}

function OwnPassword({ email, refused }: OwnPasswordProps) {
  return (
    <>
      <FormError errors={errorOf(refused, undefined)} />
      {/* Tells password managers whose password this is. */}
      <input type="text" hidden readOnly autoComplete="username" value={email} />
      <PasswordField
        label="Your password"
        name="password"
        errors={errorOf(refused, 'password')}
        autoComplete="current-password"
        required
      />
    </>
  );
}

function CodeField({ description, errors }: { description: string; errors: string[] | undefined }) {
  return (
    <TextField
      label="Code"
      name="code"
      description={description}
      errors={errors}
      autoComplete="one-time-code"
      autoCapitalize="characters"
      spellCheck={false}
      required
    />
  );
}

export function BeginTwoStep({ email, refused }: OwnPasswordProps) {
  return (
    <Card
      title="Set it up"
      description="Have an authenticator app at hand, such as 1Password, Google Authenticator or Aegis."
    >
      <Form method="post" className={FORM}>
        <OwnPassword email={email} refused={refused} />
        <SubmitButton
          variant="primary"
          name="intent"
          value={TWO_STEP_INTENTS.begin}
          pendingLabel="Making a secret…"
        >
          Show the QR code
        </SubmitButton>
      </Form>
    </Card>
  );
}

interface Setup {
  secret: string;
  qr: { size: number; path: string };
}

/** Dark on light in both themes: cameras read no other. */
function QrCode({ size, path }: Setup['qr']) {
  return (
    <svg
      role="img"
      aria-label="QR code of your secret, for your authenticator app"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="h-48 w-48 shrink-0 rounded border"
    >
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" />
    </svg>
  );
}

export function ConfirmTwoStep({ setup, error }: { setup: Setup; error: string | undefined }) {
  return (
    <Card title="Scan, then type the code">
      <div className="flex flex-col gap-6 sm:flex-row">
        <QrCode {...setup.qr} />
        <div className="min-w-0 flex-1 space-y-5">
          <div>
            <p className="mb-1 text-sm">No camera? Type this secret into the app:</p>
            <p className="select-all font-mono text-sm font-medium [overflow-wrap:anywhere]">
              {inFours(setup.secret, ' ')}
            </p>
          </div>
          <Form method="post" className={FORM}>
            <CodeField
              description="The six digits that the app shows now."
              errors={error === undefined ? undefined : [error]}
            />
            <SubmitButton
              variant="primary"
              name="intent"
              value={TWO_STEP_INTENTS.confirm}
              pendingLabel="Checking…"
            >
              Switch it on
            </SubmitButton>
          </Form>
        </div>
      </div>
    </Card>
  );
}

const WHY = {
  on: {
    title: 'Two-step log-in is on',
    text: 'Every other log-in of yours has ended. From now on you log in with password and code.',
  },
  new: {
    title: 'Your recovery codes are new',
    text: 'Every code that you kept before is void. Your app goes on showing codes as it did.',
  },
} as const;

interface RecoveryCodesProps {
  why: keyof typeof WHY;
  codes: readonly string[];
  next: string;
}

export function RecoveryCodes({ why, codes, next }: RecoveryCodesProps) {
  return (
    <>
      <Notice tone="ok" role="status" title={WHY[why].title}>
        {WHY[why].text}
      </Notice>
      <Card
        title="Keep these recovery codes"
        description="Each stands in for a code once, should you lose your phone. They are shown this one time."
      >
        <div className="space-y-5">
          <CodeBlock title="Recovery codes" code={codes.map((code) => inFours(code, '-')).join('\n')} />
          <ButtonLink to={next} variant="primary">
            I keep them safe: go on
          </ButtonLink>
        </div>
      </Card>
    </>
  );
}

interface ChangeTwoStepProps extends OwnPasswordProps {
  codesLeft: number;
}

export function ChangeTwoStep({ email, codesLeft, refused }: ChangeTwoStepProps) {
  const left = codesLeft === 1 ? '1 recovery code is left' : `${codesLeft} recovery codes are left`;
  return (
    <Card
      title="It is on"
      description={`Your log-in takes a code from your app; ${left}. For a new phone, switch it off and on again.`}
    >
      <Form method="post" className={FORM}>
        <OwnPassword email={email} refused={refused} />
        <CodeField description="From your app, or a recovery code." errors={errorOf(refused, 'code')} />
        <ButtonRow>
          <SubmitButton
            variant="primary"
            name="intent"
            value={TWO_STEP_INTENTS.newCodes}
            pendingLabel="Making new codes…"
          >
            Make new recovery codes
          </SubmitButton>
          <SubmitButton
            variant="danger"
            name="intent"
            value={TWO_STEP_INTENTS.end}
            pendingLabel="Switching off…"
          >
            Switch it off
          </SubmitButton>
        </ButtonRow>
      </Form>
    </Card>
  );
}

/** ABCD EFGH: people type four letters at a time. */
const inFours = (text: string, between: string) => text.match(/.{1,4}/g)?.join(between) ?? '';
