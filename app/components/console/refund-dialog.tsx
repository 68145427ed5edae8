import { useFetcher } from '@remix-run/react';
import Undo2 from 'lucide-react/icons/undo-2';
import { useEffect, useState } from 'react';
import { Input } from '~/components/ui/field';
import { Notice } from '~/components/ui/notice';
import { Skeleton } from '~/components/ui/states';
import {
  REFUND_REASON_LABEL,
  REFUND_REASONS,
  refundBarWords,
  type StaffRefundPreview,
} from '~/modules/refunds/shared';
import { formatCredits, formatMoney, toDecimal } from '~/platform/money';
import { ActDialog } from './act-dialog';
import { BeforeAfter, type Change } from './before-after';
import { LimitLine } from './limit-line';

/** What the server foresees of a refund; `typed` is the amount that it was asked for, empty for all that is left. */
export type RefundForeseen =
  | { outcome: 'foreseen'; typed: string; preview: StaffRefundPreview }
  /** It is no amount of this currency. */
  | { outcome: 'no_amount'; typed: string };

/** Typing rests this long before the server is asked. */
const REST_MS = 150;

export interface RefundDialogProps {
  paymentId: string;
  currency: string;
}

/** Asks for a refund by what the server foresees of it: what is sent is the amount and the state that were seen. */
export function RefundDialog({ paymentId, currency }: RefundDialogProps) {
  const [isPart, setPart] = useState(false);
  const [typed, setTyped] = useState('');
  const action = `/admin/payments/${paymentId}/refund`;
  const { data, load, state } = useFetcher<RefundForeseen>();
  const asked = isPart ? typed.trim() : '';
  const isFresh = state === 'idle' && data?.typed === asked && !(isPart && asked === '');
  const preview = isFresh && data.outcome === 'foreseen' ? data.preview : undefined;
  const last = data?.outcome === 'foreseen' ? data.preview : undefined;
  return (
    <ActDialog
      opener={{ label: 'Refund', icon: Undo2 }}
      title="Refund this payment"
      description="The money goes back the way it came, and its credits with it."
      action={action}
      intent="refund"
      hidden={preview === undefined ? {} : { seen: preview.key, amount: String(preview.amount) }}
      reasons={REFUND_REASONS.map((value) => ({ value, label: REFUND_REASON_LABEL[value] }))}
      submitLabel={preview === undefined ? 'Refund' : labelOf(preview)}
      pendingLabel="Asking Stripe…"
      isDanger
      isBarred={preview === undefined || preview.bar !== undefined}
      width="md"
    >
      <Foresee asked={asked} isPart={isPart} action={action} load={load} />
      <fieldset className="grid gap-2">
        <legend className="pb-1 font-medium">How much</legend>
        <Choice checked={!isPart} onChoose={() => setPart(false)}>
          All that is left
          {last === undefined ? null : (
            <span className="figures text-text-muted">{formatMoney(last.left, currency)}</span>
          )}
        </Choice>
        <Choice checked={isPart} onChoose={() => setPart(true)}>
          A part
          {isPart ? (
            <Input
              aria-label={`Amount in ${currency.toUpperCase()}`}
              inputMode="decimal"
              placeholder={toDecimal(last?.left ?? 0n, currency)}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              className="figures ml-2 !w-36"
              autoComplete="off"
              autoFocus
            />
          ) : null}
        </Choice>
      </fieldset>
      {isFresh && data.outcome === 'no_amount' ? (
        <Notice tone="bad" role="status">
          That is no amount in {currency.toUpperCase()}. Write it as {toDecimal(123456n, currency)}.
        </Notice>
      ) : last === undefined ? (
        <Skeleton className="h-32 w-full" />
      ) : (
        <Foreseen preview={last} isFresh={isFresh} />
      )}
    </ActDialog>
  );
}

/** Stands in the open dialog only: asks the server as it opens and as somebody types. */
function Foresee(props: { asked: string; isPart: boolean; action: string; load: (href: string) => void }) {
  const { asked, isPart, action, load } = props;
  useEffect(() => {
    if (isPart && asked === '') return;
    const look = () => load(asked === '' ? action : `${action}?${new URLSearchParams({ amount: asked })}`);
    const timer = setTimeout(look, asked === '' ? 0 : REST_MS);
    return () => clearTimeout(timer);
  }, [asked, isPart, action, load]);
  return null;
}

function Choice(props: { checked: boolean; onChoose: () => void; children: React.ReactNode }) {
  return (
    <label className="flex min-h-9 items-center gap-2">
      <input type="radio" name="part" checked={props.checked} onChange={props.onChoose} />
      {props.children}
    </label>
  );
}

const credits = (value: bigint): string => `${formatCredits(value)} ${value === 1n ? 'credit' : 'credits'}`;

const labelOf = ({ amount, currency, toRevoke }: StaffRefundPreview): string =>
  toRevoke === 0n
    ? `Refund ${formatMoney(amount, currency)}`
    : `Refund ${formatMoney(amount, currency)} and take back ${credits(toRevoke)}`;

function Foreseen({ preview, isFresh }: { preview: StaffRefundPreview; isFresh: boolean }) {
  const { bar, limit, currency } = preview;
  return (
    <div aria-busy={!isFresh} className={isFresh ? 'grid gap-4' : 'grid cursor-progress gap-4'}>
      {bar === undefined ? null : (
        <Notice tone="bad" role="status" title="This cannot be refunded">
          {refundBarWords(bar, currency)}
        </Notice>
      )}
      <BeforeAfter label="What will change" changes={changesOf(preview)} />
      <p className="text-text-muted">
        {formatMoney(preview.paid, currency)} was paid for {credits(preview.granted)}; {spentWords(preview)}{' '}
        {shortfallWords(preview)}
      </p>
      {limit === undefined || bar !== undefined ? null : (
        <LimitLine limit={limit} shown={(value) => formatMoney(value, currency)} />
      )}
    </div>
  );
}

const spentWords = ({ spent }: StaffRefundPreview): string =>
  spent === 0n ? 'none of them are spent.' : `${credits(spent)} of them are spent.`;

function shortfallWords({ shortfall, shortfallBefore, policy }: StaffRefundPreview): string {
  const short = shortfall - shortfallBefore;
  if (short <= 0n) return '';
  const fate = policy === 'absorb' ? 'they are written off' : 'the customer owes them';
  return `${credits(short)} that should be taken back are gone already: ${fate}.`;
}

function changesOf(preview: StaffRefundPreview): Change[] {
  const { currency, amount, refunded, left, available, toRevoke, shortfall, shortfallBefore, policy } =
    preview;
  const money = (value: bigint) => formatMoney(value, currency);
  const change = (label: string, before: string, after: string): Change => ({ label, before, after });
  const rest = left > amount ? left - amount : 0n;
  return [
    change('Refunded', money(refunded), money(refunded + amount)),
    change('Left to refund', money(left), money(rest)),
    change('Its credits to spend', formatCredits(available), formatCredits(available - toRevoke)),
    ...(shortfall === 0n
      ? []
      : [
          change(
            policy === 'absorb' ? 'Shortfall, written off' : 'Shortfall, owed',
            formatCredits(shortfallBefore),
            formatCredits(shortfall),
          ),
        ]),
  ];
}
