import { useFetcher } from '@remix-run/react';
import Landmark from 'lucide-react/icons/landmark';
import { useEffect, useState } from 'react';
import { SelectField, TextField } from '~/components/ui/field';
import {
  OFFLINE_CHANNEL_LABEL,
  OFFLINE_CHANNELS,
  OFFLINE_REASON_LABEL,
  OFFLINE_REASONS,
  type OfflinePack,
} from '~/modules/offline/shared';
import { formatCredits, formatMoney } from '~/platform/money';
import { ActDialog, type ActErrors } from './act-dialog';
import { BeforeAfter } from './before-after';
import { type ChosenCustomer, CustomerChoice } from './customer-choice';

/** What the dialog is filled with. */
export interface OfflineForm {
  packs: OfflinePack[];
  /** The chosen customer's credits in the present book. */
  holds: { customerId: string; available: bigint; debt: bigint } | undefined;
}

const DIGITS = /^\d{1,15}$/;

/** Asks a second person to record what was paid outside Stripe, as the sale that it is. */
export function RecordOffline() {
  const [customer, setCustomer] = useState<ChosenCustomer>();
  const [sold, setSold] = useState('');
  const [quantity, setQuantity] = useState('1');
  const [custom, setCustom] = useState('');
  const { data, load } = useFetcher<OfflineForm>();
  const pack = data?.packs.find(({ versionId }) => versionId === sold);
  const count = DIGITS.test(quantity) ? BigInt(quantity) : 0n;
  const credits = pack === undefined ? (DIGITS.test(custom) ? BigInt(custom) : 0n) : pack.credits * count;
  return (
    <ActDialog
      opener={{ label: 'Record offline payment', icon: Landmark }}
      title="Record a payment made outside Stripe"
      description="It counts as revenue and grants its credits once a second person approves it. A gift is an adjustment instead."
      action="/admin/payments/offline"
      intent="offline"
      reasons={OFFLINE_REASONS.map((value) => ({ value, label: OFFLINE_REASON_LABEL[value] }))}
      submitLabel={
        credits === 0n ? 'Ask for approval' : `Ask to record it and grant ${formatCredits(credits)} credits`
      }
      pendingLabel="Asking…"
      isBarred={customer === undefined}
      width="lg"
    >
      {(errors) => (
        <>
          <Fill customerId={customer?.id} load={load} />
          <CustomerChoice chosen={customer} onChoose={setCustomer} errors={errors['customer']} />
          <div className="grid gap-4 sm:grid-cols-2">
            <SelectField
              label="Sold"
              name="sold"
              value={sold}
              onChange={(event) => setSold(event.currentTarget.value)}
              required
              errors={errors['sold']}
              options={[{ value: '', label: 'Choose…' }, ...optionsOf(data?.packs ?? [])]}
            />
            {sold === 'custom' ? (
              <TextField
                label="Credits"
                name="credits"
                inputMode="numeric"
                value={custom}
                onChange={(event) => setCustom(event.currentTarget.value)}
                required
                errors={errors['credits']}
              />
            ) : (
              <TextField
                label="How many"
                name="quantity"
                inputMode="numeric"
                value={quantity}
                onChange={(event) => setQuantity(event.currentTarget.value)}
                required
                errors={errors['quantity']}
              />
            )}
          </div>
          <MoneyFields packs={data?.packs ?? []} pack={pack} count={count} errors={errors} />
          {customer === undefined || data?.holds?.customerId !== customer.id ? null : (
            <Outlook holds={data.holds} credits={credits} />
          )}
        </>
      )}
    </ActDialog>
  );
}

/** Stands in the open dialog only: reads what it offers, and what the chosen customer has. */
function Fill({ customerId, load }: { customerId: string | undefined; load: (href: string) => void }) {
  useEffect(() => {
    const query = customerId === undefined ? '' : `?${new URLSearchParams({ customer: customerId })}`;
    load(`/admin/payments/offline${query}`);
  }, [customerId, load]);
  return null;
}

const optionsOf = (packs: readonly OfflinePack[]) => [
  ...packs.map(({ versionId, name, credits }) => ({
    value: versionId,
    label: `${name}, ${formatCredits(credits)} credits`,
  })),
  { value: 'custom', label: 'Other credits, as agreed' },
];

interface MoneyFieldsProps {
  packs: readonly OfflinePack[];
  pack: OfflinePack | undefined;
  count: bigint;
  errors: ActErrors;
}

function MoneyFields({ packs, pack, count, errors }: MoneyFieldsProps) {
  const currencies = [...new Set(packs.flatMap(({ prices }) => prices.map(({ currency }) => currency)))];
  const listed = pack?.prices.map(({ amount, currency }) => formatMoney(amount * count, currency));
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Amount paid"
          name="amount"
          inputMode="decimal"
          required
          autoComplete="off"
          description={
            listed === undefined || listed.length === 0 ? undefined : `Listed at ${listed.join(', ')}`
          }
          errors={errors['amount']}
        />
        <SelectField
          label="Currency"
          name="currency"
          required
          errors={errors['currency']}
          options={currencies.map((value) => ({ value, label: value.toUpperCase() }))}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Paid by"
          name="channel"
          required
          errors={errors['channel']}
          options={OFFLINE_CHANNELS.map((value) => ({ value, label: OFFLINE_CHANNEL_LABEL[value] }))}
        />
        <TextField
          label="Reference"
          name="reference"
          description="As the bank, invoice or marketplace names it: each is recorded once."
          maxLength={140}
          required
          autoComplete="off"
          errors={errors['reference']}
        />
      </div>
    </>
  );
}

function Outlook({ holds, credits }: { holds: NonNullable<OfflineForm['holds']>; credits: bigint }) {
  const { available, debt } = holds;
  const repaid = credits < debt ? credits : debt;
  const change = (label: string, before: bigint, after: bigint) => ({
    ...{ label, before: formatCredits(before) },
    after: formatCredits(after),
  });
  return (
    <BeforeAfter
      label="Once it is approved"
      changes={[
        change('Credits to spend', available, available + credits - repaid),
        ...(debt === 0n ? [] : [change('Credits owed', debt, debt - repaid)]),
      ]}
    />
  );
}
