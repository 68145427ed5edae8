import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';

import { Notice } from '~/components/ui/notice';
import { assertNever } from '~/platform/assert-never';

/** Why an order was not taken. In each case nothing was sent to Stripe. */
export type CheckoutFaultProps =
  | { fault: 'unverified' | 'bad_request' | 'unknown_pack' | 'selling_paused' }
  | { fault: 'limited'; retryAfterSeconds: number };

/** What happened, that no money moved, and what to do next. */
export function CheckoutFault(props: CheckoutFaultProps) {
  const { title, next } = textOf(props);
  return (
    <Notice tone="bad" role="alert" title={title} className="mb-8">
      No money moved. {next}
    </Notice>
  );
}

function textOf(props: CheckoutFaultProps): { title: string; next: ReactNode } {
  switch (props.fault) {
    case 'unverified':
      return {
        title: 'Confirm your e-mail address first',
        next: (
          <>
            Open the link in the e-mail we sent you, then buy. Not there?{' '}
            <Link className="prose-link" to="/account">
              Have it sent again
            </Link>
            .
          </>
        ),
      };
    case 'bad_request':
      return { title: 'That order was incomplete', next: 'Choose a pack below.' };
    case 'unknown_pack':
      return { title: 'This pack is no longer for sale', next: 'Choose one of the packs below.' };
    case 'selling_paused':
      return {
        title: 'Buying is paused for now',
        next: 'Credits that you have work as always. Please come back later.',
      };
    case 'limited':
      return {
        title: 'Too many payment pages in a short time',
        next: `This protects cards from being tried out. You can go on ${inMinutes(props.retryAfterSeconds)}; pages that you opened already stand in your history.`,
      };
    default:
      return assertNever(props);
  }
}

function inMinutes(retryAfterSeconds: number): string {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  return minutes <= 1 ? 'in a minute' : `in ${minutes} minutes`;
}
