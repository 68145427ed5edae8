import { Form, Link } from '@remix-run/react';
import { Button } from '~/components/ui/button';
import { TextField } from '~/components/ui/field';
import { Notice } from '~/components/ui/notice';
import { Timestamp } from '~/components/ui/time';
import { type AsOfView } from '~/modules/admin/shared';
import { type Book } from '~/modules/ledger/shared';

export interface AsOfPickerProps {
  book: Book;
  asOf: AsOfView | undefined;
  /** What was asked for and is no instant. */
  noInstant: string | undefined;
}

/** Chooses the instant that a wallet is shown as of. The field has no offset, so its label says which clock it is. */
export function AsOfPicker({ book, asOf, noInstant }: AsOfPickerProps) {
  return (
    <Form method="get" className="flex items-start gap-2" preventScrollReset>
      <input type="hidden" name="book" value={book} />
      <TextField
        key={asOf?.at}
        label="As of (UTC)"
        name="at"
        type="datetime-local"
        step={1}
        required
        defaultValue={asOf?.at.slice(0, 19)}
        errors={noInstant === undefined ? undefined : [`“${noInstant}” is no instant.`]}
      />
      <Button type="submit" className="mt-6">
        Show
      </Button>
    </Form>
  );
}

/** Says that a page is not of the present, what it is of, and leads back. */
export function AsOfNotice({ asOf, now }: { asOf: AsOfView; now: string }) {
  return (
    <Notice
      tone={asOf.isAhead ? 'warn' : 'info'}
      role="status"
      title={
        <>
          As of <Timestamp at={new Date(asOf.at)} />
        </>
      }
      action={
        <Link to={now} preventScrollReset className="prose-link">
          Back to now
        </Link>
      }
    >
      {asOf.isAhead
        ? 'This lies ahead: what today’s lots and holds leave by then if nothing else happens.'
        : 'Balances, lots and ledger as they were answered then. Payments and the rest of the page are left out.'}
    </Notice>
  );
}
