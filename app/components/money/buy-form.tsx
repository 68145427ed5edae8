import { Form } from '@remix-run/react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';

import { Button, type ButtonVariant } from '~/components/ui/button';
import { type PackView, type PlanView } from '~/modules/catalog/shared';

/** One pack's button. */
export function BuyForm({ pack, order, disabled }: { pack: PackView; order: string; disabled: boolean }) {
  return (
    <OrderForm
      action="/?index"
      fields={{ pack: pack.code, currency: pack.currency, order }}
      variant={pack.isBestValue ? 'primary' : 'secondary'}
      disabled={disabled}
    >
      Buy {pack.name}
    </OrderForm>
  );
}

/** One plan's button. */
export function StartPlanForm({
  plan,
  order,
  disabled,
}: {
  plan: PlanView;
  order: string;
  disabled: boolean;
}) {
  return (
    <OrderForm
      action="/plan"
      fields={{ intent: 'start', plan: plan.code, currency: plan.currency, order }}
      variant="secondary"
      disabled={disabled}
    >
      Start {plan.name}
    </OrderForm>
  );
}

interface OrderFormProps {
  action: string;
  fields: Readonly<Record<string, string>>;
  variant: ButtonVariant;
  disabled: boolean;
  children: ReactNode;
}

/**
 * The browser itself sends the form, with or without scripts, and follows to Stripe's page; a second press is refused
 * until it comes back, which Back does without loading this page again.
 */
function OrderForm({ action, fields, variant, disabled, children }: OrderFormProps) {
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
    <Form method="post" action={action} reloadDocument onSubmit={send}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button
        type="submit"
        size="lg"
        block
        variant={variant}
        disabled={disabled}
        pending={pending}
        pendingLabel="Opening the payment page…"
      >
        {children}
      </Button>
    </Form>
  );
}
