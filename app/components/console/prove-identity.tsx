import { useFetcher } from '@remix-run/react';
import { useEffect, useId } from 'react';
import { Button } from '~/components/ui/button';
import { TextField } from '~/components/ui/field';

/** What /admin/prove answers. */
interface Proof {
  isProven: boolean;
  error?: string;
}

export interface ProveIdentityProps {
  onProven: () => void;
  onCancel: () => void;
}

/** Asks who sits there before an act goes on. */
export function ProveIdentity({ onProven, onCancel }: ProveIdentityProps) {
  const id = useId();
  const fetcher = useFetcher<Proof>();
  const { data } = fetcher;
  const isProven = data?.isProven === true;
  useEffect(() => {
    if (isProven) onProven();
  }, [isProven, onProven]);
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
        errors={data?.error === undefined ? undefined : [data.error]}
      />
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
