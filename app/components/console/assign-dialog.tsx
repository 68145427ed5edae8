import UserCheck from 'lucide-react/icons/user-check';
import { useState } from 'react';
import { SelectField, TextField } from '~/components/ui/field';
import { type CatalogChoice, type CustomerRef } from '~/modules/admin/shared';
import { formatCredits, formatMoney } from '~/platform/money';
import { ActDialog } from './act-dialog';
import { BeforeAfter } from './before-after';
import { CustomerPicker } from './customer-picker';
import { EVENT_ACTS, MEND_INTENTS, type SeenRef } from './event-acts';
import { MEND_REASON_OPTIONS } from './replay-dialog';

export interface AssignDialogProps {
  seen: SeenRef;
  /** What the event says was paid; Stripe is asked again before anything is granted. */
  money: { amount: bigint; currency: string } | null;
  likely: CustomerRef | null;
  choices: readonly CatalogChoice[];
  /** Credits that one act of who looks may grant; undefined where they may grant none alone. */
  limit: bigint | undefined;
}

/** Gives settled money that belongs to nobody here to a customer, as the sale of a pack. */
export function AssignDialog({ seen, money, likely, choices, limit }: AssignDialogProps) {
  const packs = choices.filter(
    ({ kind, currency }) => kind === 'pack' && (money === null || currency === money.currency),
  );
  const [version, setVersion] = useState('');
  const [quantity, setQuantity] = useState('1');
  const pack = packs.find(({ versionId }) => versionId === version);
  const count = /^[1-9]\d?$|^100$/.test(quantity) ? BigInt(quantity) : undefined;
  const credits = pack === undefined || count === undefined ? undefined : pack.credits * count;
  const price = pack === undefined || count === undefined ? undefined : pack.amount * count;
  const isTooMuch = price !== undefined && money !== null && price > money.amount;
  const isAbove = credits !== undefined && credits > (limit ?? 0n);
  const { realmId: realm, eventId: event, run } = seen;
  return (
    <ActDialog
      opener={{ label: 'Assign…', icon: UserCheck, variant: 'primary' }}
      title="Assign this money"
      description="Stripe is asked again what was paid. The customer gets the credits of the pack once, whatever comes late."
      action={EVENT_ACTS.mend}
      intent={MEND_INTENTS.assign}
      hidden={{ realm, event, run: String(run) }}
      reasons={MEND_REASON_OPTIONS}
      submitLabel={
        credits === undefined
          ? 'Assign'
          : isAbove
            ? `Ask for ${formatCredits(credits)} credits`
            : `Grant ${formatCredits(credits)} credits`
      }
      pendingLabel="Asking Stripe…"
      isBarred={isTooMuch}
    >
      {(errors) => (
        <>
          <CustomerPicker name="customer" likely={likely} errors={errors['customer']} />
          <div className="grid grid-cols-[minmax(0,1fr)_6rem] gap-3">
            <SelectField
              label="It bought"
              name="version"
              value={version}
              onChange={(change) => setVersion(change.currentTarget.value)}
              required
              errors={errors['version']}
              options={[
                { value: '', label: 'Choose…' },
                ...packs.map((choice) => ({
                  value: choice.versionId,
                  label: `${choice.name}, ${formatMoney(choice.amount, choice.currency)} (version ${choice.n})`,
                })),
              ]}
            />
            <TextField
              label="How many"
              name="quantity"
              inputMode="numeric"
              value={quantity}
              onChange={(change) => setQuantity(change.currentTarget.value)}
              errors={errors['quantity']}
            />
          </div>
          {pack === undefined || credits === undefined || price === undefined ? null : (
            <BeforeAfter
              label="What will happen"
              changes={[
                {
                  label: 'Paid at Stripe, and sold for',
                  before: money === null ? 'not known yet' : formatMoney(money.amount, money.currency),
                  after: formatMoney(price, pack.currency),
                },
                { label: 'Credits for this money', before: '0', after: formatCredits(credits) },
              ]}
            />
          )}
          {isTooMuch ? (
            <p role="alert" className="text-bad">
              That costs more than was paid. Choose less.
            </p>
          ) : price !== undefined && money !== null && price < money.amount ? (
            <p className="text-warn">It costs less than was paid: the rest brings no credits.</p>
          ) : null}
          {isAbove ? (
            <p className="text-text-muted">
              You may grant {formatCredits(limit ?? 0n)} credits alone by one act; above that a second person
              is asked and nothing moves before.
            </p>
          ) : null}
        </>
      )}
    </ActDialog>
  );
}
