import { Form } from '@remix-run/react';
import { type FormEvent, useEffect, useRef, useState } from 'react';

import { Button } from '~/components/ui/button';
import { type PackView } from '~/modules/catalog/shared';

/**
 * One pack's button. The browser itself sends the form, with or without scripts, and follows to Stripe's page; a second
 * press is refused until it comes back, which Back does without loading this page again.
 */
export function BuyForm({ pack, order, disabled }: { pack: PackView; order: string; disabled: boolean }) {
  const isSent = useRef(false);
  const [pending, setPending] = useState(false);
  useEffect(() => {
    const comeBack = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener('pageshow', comeBack);
    return () => window.removeEventListener('pageshow', comeBack);
  }, []);
  function send(event: FormEvent<HTMLFormElement>) {
    if (isSent.current) event.preventDefault();
    isSent.current = true;
    setPending(true);
  }
  return (
    <Form method="post" action="/?index" reloadDocument onSubmit={send}>
      <input type="hidden" name="pack" value={pack.code} />
      <input type="hidden" name="order" value={order} />
      <Button
        type="submit"
        size="lg"
        block
        variant={pack.isBestValue ? 'primary' : 'secondary'}
        disabled={disabled}
        pending={pending}
        pendingLabel="Opening the payment page…"
      >
        Buy {pack.name}
      </Button>
    </Form>
  );
}
