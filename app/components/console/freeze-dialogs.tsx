import Flame from 'lucide-react/icons/flame';
import Snowflake from 'lucide-react/icons/snowflake';
import { Notice } from '~/components/ui/notice';
import { Timestamp } from '~/components/ui/time';
import {
  FREEZE_REASON_LABEL,
  FREEZE_REASONS,
  THAW_REASON_LABEL,
  THAW_REASONS,
} from '~/modules/adjustments/shared';
import { type FreezeView } from '~/modules/admin/shared';
import { type Book } from '~/modules/ledger/shared';
import { ActDialog } from './act-dialog';
import { CUSTOMER_ACT } from './customer-acts';

/** Stops the wallet from being spent. */
export function FreezeDialog({ customerId }: { customerId: string }) {
  return (
    <ActDialog
      opener={{ label: 'Freeze', icon: Snowflake, variant: 'secondary' }}
      title="Freeze the wallet"
      description="It can neither be spent from nor held from until it is thawed. Purchases and refunds go on."
      action={`/admin/customers/${customerId}/acts`}
      intent={CUSTOMER_ACT.freeze}
      reasons={FREEZE_REASONS.map((value) => ({ value, label: FREEZE_REASON_LABEL[value] }))}
      submitLabel="Freeze the wallet"
      pendingLabel="Freezing…"
      isDanger
    />
  );
}

export interface FreezesProps {
  customerId: string;
  freezes: readonly FreezeView[];
  /** The book whose wallet may be thawed here; undefined where nothing may. */
  mayThaw: Book | undefined;
}

/** Each freeze that stands, why, and its end where staff may end it. */
export function Freezes({ customerId, freezes, mayThaw }: FreezesProps) {
  if (freezes.length === 0) return null;
  return (
    <div className="mb-4 grid gap-2">
      {freezes.map((freeze) => (
        <Notice
          key={`${freeze.book}:${freeze.cause}`}
          tone="bad"
          title={`The ${freeze.book} wallet is frozen`}
          action={
            freeze.isByStaff && freeze.book === mayThaw ? (
              <ActDialog
                opener={{ label: 'Thaw', icon: Flame, variant: 'secondary', size: 'sm' }}
                title="End this freeze"
                description="The wallet can be spent from again, unless another freeze stands."
                action={`/admin/customers/${customerId}/acts`}
                intent={CUSTOMER_ACT.thaw}
                hidden={{ cause: freeze.cause }}
                reasons={THAW_REASONS.map((value) => ({ value, label: THAW_REASON_LABEL[value] }))}
                submitLabel="Thaw the wallet"
                pendingLabel="Thawing…"
              />
            ) : undefined
          }
        >
          {freeze.by === null
            ? 'By a dispute whose credits are owed, until they are repaid, since '
            : `By ${freeze.by.name}, since `}
          <Timestamp at={freeze.frozenAt} />.
        </Notice>
      ))}
    </div>
  );
}
