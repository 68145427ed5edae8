import Trash2 from 'lucide-react/icons/trash-2';
import { TextField } from '~/components/ui/field';
import {
  DELETION_REASON_LABEL,
  DELETION_REASONS,
  type DeletionPreview,
  OPEN_LABEL,
} from '~/modules/customers/shared';
import { formatCredits } from '~/platform/money';
import { ActDialog } from './act-dialog';
import { DELETE } from './deletion-intents';

const counted = (n: number, one: string, many = `${one}s`): string => (n === 1 ? `1 ${one}` : `${n} ${many}`);

/** Asks for a customer's deletion, after it has said all that this does and waits for. */
export function DeleteCustomer({ customerId, preview }: { customerId: string; preview: DeletionPreview }) {
  return (
    <ActDialog
      opener={{ label: 'Delete customer', icon: Trash2 }}
      title="Delete customer"
      description="The books stay: payments, credits and every entry. The person goes for good."
      action={`/admin/customers/${customerId}/deletion`}
      intent={DELETE}
      reasons={DELETION_REASONS.map((value) => ({ value, label: DELETION_REASON_LABEL[value] }))}
      submitLabel="Delete this customer"
      pendingLabel="Asking…"
      isDanger
      width="md"
    >
      {(errors) => (
        <>
          <Effects preview={preview} />
          <TextField
            label={`Type ${preview.confirm} to confirm`}
            name="confirmation"
            autoComplete="off"
            spellCheck={false}
            required
            errors={errors['confirmation']}
          />
        </>
      )}
    </ActDialog>
  );
}

function Effects({ preview }: { preview: DeletionPreview }) {
  const { hasLogIn, plans, topUps, cards, pages, processing, balances, waitsFor } = preview;
  const ended = [
    plans > 0 ? `${counted(plans, 'plan')} ended now, without a refund` : undefined,
    topUps > 0 ? 'automatic top-up switched off' : undefined,
    pages > 0 ? `${counted(pages, 'open page')} closed` : undefined,
    cards > 0 ? `${counted(cards, 'saved card')} detached` : undefined,
  ].filter((line) => line !== undefined);
  return (
    <div className="grid gap-3 text-sm">
      <Step title="At once">
        {hasLogIn
          ? 'They are logged out everywhere, and neither log in nor buy from then on.'
          : 'No hand-off from the product lets them in, and they buy nothing from then on.'}
        {balances.map(({ book, available }) => (
          <span key={book} className="block">
            {formatCredits(available)} credits in the {book} book are frozen and stay in the books.
          </span>
        ))}
      </Step>
      <Step title="In an hour, at Stripe">
        {ended.length === 0 ? 'Nothing of theirs goes on there.' : `${ended.join(', ')}.`}
        {processing === 0
          ? ''
          : ` ${counted(processing, 'bank debit')} may still settle: the money then goes to review, to be refunded.`}
      </Step>
      <Step title="When nothing is open any more">
        E-mail, name, log-in, mails, notes and what Stripe said of them are taken out of every table.
        {waitsFor.length === 0 ? null : (
          <ul className="mt-1 list-disc pl-5">
            {waitsFor.map(({ kind, id }) => (
              <li key={id}>
                Waits for: {OPEN_LABEL[kind]} <code className="text-xs">{id}</code>
              </li>
            ))}
          </ul>
        )}
      </Step>
    </div>
  );
}

function Step({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section>
      <h3 className="font-medium">{title}</h3>
      <div className="text-text-muted">{children}</div>
    </section>
  );
}
