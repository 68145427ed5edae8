import { Form } from '@remix-run/react';
import { type ReactNode } from 'react';
import { SubmitButton } from '~/components/ui/button';
import { MailCheck } from '~/components/ui/icons';
import { VERIFY_INTENTS } from '~/modules/auth/shared';

/** Demo mail reaches nobody: it is read on the sandbox's page. */
function DemoMailHint({ page }: { page: string | undefined }) {
  if (page === undefined) return null;
  return (
    <p className="mt-3 text-sm text-text-muted">
      This is the demo, so the mail stays on this machine: read it on{' '}
      <a href={page} target="_blank" rel="noreferrer" className="prose-link">
        the sandbox’s mail page
      </a>
      .
    </p>
  );
}

export interface CheckMailProps {
  children: ReactNode;
  demoMailPage: string | undefined;
}

/** Says that a mail is on its way, and what it is for. */
export function CheckMail({ children, demoMailPage }: CheckMailProps) {
  return (
    <div role="status" className="flex items-start gap-4">
      <span className="flex h-10 w-10 shrink-0 items-center justify-center rounded-full border border-ok-line bg-ok-soft text-ok">
        <MailCheck aria-hidden size={18} />
      </span>
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {children}
        <DemoMailHint page={demoMailPage} />
      </div>
    </div>
  );
}

/** Asks for the confirmation mail once more, for an address that is already known to this page. */
export function ResendConfirmation({ email }: { email: string }) {
  return (
    <Form method="post" action="/verify-email">
      <input type="hidden" name="email" value={email} />
      <SubmitButton
        name="intent"
        value={VERIFY_INTENTS.resend}
        size="sm"
        pendingLabel="Sending…"
        variant="secondary"
      >
        Send it again
      </SubmitButton>
    </Form>
  );
}
