import { useFetcher } from '@remix-run/react';
import Scale from 'lucide-react/icons/scale';
import { useEffect, useState } from 'react';
import { Credits } from '~/components/money/credits';
import { SelectField, TextField } from '~/components/ui/field';
import { Notice } from '~/components/ui/notice';
import { Skeleton } from '~/components/ui/states';
import {
  ADJUSTMENT_REASON_LABEL,
  ADJUSTMENT_REASONS,
  type AdjustmentPreview,
  type Direction,
  DIRECTIONS,
} from '~/modules/adjustments/shared';
import { type LimitBound } from '~/modules/approvals/shared';
import { formatCredits } from '~/platform/money';
import { ActDialog, type ActErrors } from './act-dialog';
import { BeforeAfter } from './before-after';
import { CUSTOMER_ACT, type PreviewReply } from './customer-acts';

interface Typed {
  direction: Direction;
  amount: string;
}
const NOTHING: Typed = { direction: 'add', amount: '' };
/** How long typing rests before the preview is asked for, in milliseconds. */
const REST = 250;

const DIRECTION_LABEL: Record<Direction, string> = { add: 'Add credits', subtract: 'Subtract credits' };

/** Adds or takes credits: the server's preview as one types, the limit that applies, one act per dialog. */
export function AdjustDialog({ customerId }: { customerId: string }) {
  const [typed, setTyped] = useState<Typed>();
  const { data, load } = useFetcher<PreviewReply>();
  useEffect(() => {
    if (typed === undefined) return undefined;
    const ask = () =>
      load(`/admin/customers/${customerId}/adjustment?${new URLSearchParams({ ...typed }).toString()}`);
    const timer = setTimeout(ask, typed.amount === '' ? 0 : REST);
    return () => clearTimeout(timer);
  }, [typed, customerId, load]);
  const { direction, amount } = typed ?? NOTHING;
  const isCurrent = data !== undefined && data.direction === direction && data.amount === amount;
  const preview = isCurrent ? data.preview : undefined;
  return (
    <ActDialog
      opener={{ label: 'Adjust credits', icon: Scale, variant: 'secondary' }}
      title="Adjust credits"
      description="For what no payment stands behind. A payment that brought nothing is checked with Stripe instead."
      action={`/admin/customers/${customerId}/acts`}
      intent={CUSTOMER_ACT.adjust}
      hidden={{ seq: preview?.seq.toString() ?? '' }}
      reasons={ADJUSTMENT_REASONS.map((value) => ({ value, label: ADJUSTMENT_REASON_LABEL[value] }))}
      submitLabel={labelOf(direction, amount, preview)}
      pendingLabel={direction === 'add' ? 'Adding…' : 'Subtracting…'}
      isBarred={amount === '' || preview === undefined || preview.bar !== undefined}
      width="md"
    >
      {(errors) => (
        <AdjustFields
          typed={typed ?? NOTHING}
          onType={setTyped}
          preview={isCurrent ? data.preview : data?.preview}
          isCurrent={isCurrent}
          errors={errors}
        />
      )}
    </ActDialog>
  );
}

/** "Add 500 credits", or that a second person is asked for it. */
function labelOf(direction: Direction, amount: string, preview: AdjustmentPreview | undefined): string {
  const verb = direction === 'add' ? 'Add' : 'Subtract';
  if (preview === undefined || preview.bar !== undefined || amount === '') return `${verb} credits`;
  const { before, after } = preview;
  const n =
    after.available > before.available
      ? after.available - before.available
      : before.available - after.available;
  const what = `${formatCredits(n)} ${n === 1n ? 'credit' : 'credits'}`;
  return preview.limit.isWithin ? `${verb} ${what}` : `Ask to ${verb.toLowerCase()} ${what}`;
}

interface AdjustFieldsProps {
  typed: Typed;
  onType: (typed: Typed) => void;
  preview: AdjustmentPreview | undefined;
  isCurrent: boolean;
  errors: ActErrors;
}

function AdjustFields({ typed, onType, preview, isCurrent, errors }: AdjustFieldsProps) {
  // The dialog has just opened: it begins anew.
  useEffect(() => onType(NOTHING), [onType]);
  const { direction, amount } = typed;
  const isNoAmount = isCurrent && amount !== '' && preview === undefined;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="What"
          name="direction"
          value={direction}
          onChange={(event) =>
            onType({ ...typed, direction: DIRECTIONS.find((one) => one === event.target.value) ?? 'add' })
          }
          options={DIRECTIONS.map((value) => ({ value, label: DIRECTION_LABEL[value] }))}
          errors={errors['direction']}
        />
        <TextField
          label="Credits"
          name="amount"
          inputMode="numeric"
          autoComplete="off"
          required
          value={amount}
          onChange={(event) => onType({ ...typed, amount: event.target.value.trim() })}
          errors={
            errors['amount'] ?? (isNoAmount ? ['Enter a whole number of credits, above zero.'] : undefined)
          }
        />
      </div>
      {direction === 'add' ? (
        <TextField
          label="Last day (UTC)"
          name="lastDay"
          type="date"
          optional
          description="Left empty, they never expire."
          errors={errors['lastDay']}
        />
      ) : null}
      <Preview preview={preview} isAsked={amount !== ''} />
    </>
  );
}

const LIMIT: Record<LimitBound, (left: string) => string> = {
  per_act: (left) => `You may adjust up to ${left} credits at once; above that a second person approves.`,
  actor_day: (left) => `You may adjust ${left} credits more today; above that a second person approves.`,
  customer_day: (left) =>
    `${left} credits more may be adjusted for this customer today; above that a second person approves.`,
};

const BAR = {
  insufficient: 'Less is available than is to be taken.',
  own_wallet: 'This is the wallet of your own log-in: somebody else adjusts it.',
} as const;

/** The wallet before and after, and the limit that applies. It keeps its place while it is asked for. */
function Preview({ preview, isAsked }: { preview: AdjustmentPreview | undefined; isAsked: boolean }) {
  if (preview === undefined) return <Skeleton className="h-36" />;
  const { before, after, bar, limit } = preview;
  const lines = [
    ['Available', before.available, after.available],
    ['Held', before.held, after.held],
    ...(before.debt === 0n ? [] : ([['Debt', before.debt, after.debt]] as const)),
  ] as const;
  const limitWords = LIMIT[limit.bound](formatCredits(limit.left));
  return (
    <div className="grid min-h-36 content-start gap-3" aria-live="polite">
      <BeforeAfter
        label="Wallet"
        changes={lines.map(([label, was, becomes]) => ({
          label,
          before: <Credits value={was} />,
          after: <Credits value={becomes} />,
        }))}
      />
      {bar === undefined ? null : <Notice tone="bad">{BAR[bar]}</Notice>}
      {isAsked && !limit.isWithin && bar === undefined ? (
        <Notice tone="warn" title="Above what you may do alone">
          {limitWords} Nothing moves before.
        </Notice>
      ) : (
        <p className="text-xs text-text-muted">{limitWords}</p>
      )}
    </div>
  );
}
