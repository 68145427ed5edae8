import { useFetcher } from '@remix-run/react';
import { useEffect, useId } from 'react';
import { Button } from '~/components/ui/button';
import { TextField } from '~/components/ui/field';

/** What /admin/prove answers. */
interface Proof {
  isProven: boolean;
  error?: string;
  /** Where the error belongs; without it, to the password. */
  field?: 'code';
}

export interface ProveIdentityProps {
  /** Their log-in takes a code, so the proof does too. */
  withCode: boolean;
  onProven: () => void;
  onCancel: () => void;
}

/** Asks who sits there before an act goes on. */
export function ProveIdentity({ withCode, onProven, onCancel }: ProveIdentityProps) {
  const id = useId();
  const fetcher = useFetcher<Proof>();
  const { data } = fetcher;
  const isProven = data?.isProven === true;
  useEffect(() => {
    if (isProven) onProven();
  }, [isProven, onProven]);
  const errorsOf = (field: Proof['field']) =>
    data?.error === undefined || data.field !== field ? undefined : [data.error];
  return (
    <fetcher.Form method="post" action="/admin/prove" id={id} className="grid gap-4 py-2">
      <p>
        You last proved more than 15 minutes ago that it is you. Nothing is done yet; what you entered is
        kept.
      </p>
      <TextField
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        autoFocus
        required
        errors={errorsOf(undefined)}
      />
      {withCode ? (
        <TextField
          label="Code"
          name="code"
          description="From your authenticator app, or a recovery code."
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          required
          errors={errorsOf('code')}
        />
      ) : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Back</Button>
        <Button
          type="submit"
          variant="primary"
          pending={fetcher.state !== 'idle' || isProven}
          pendingLabel="Checking…"
        >
          Confirm and go on
        </Button>
      </div>
    </fetcher.Form>
  );
}
