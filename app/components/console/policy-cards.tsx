import Pencil from 'lucide-react/icons/pencil';
import { useState } from 'react';
import { Card } from '~/components/ui/card';
import { Fact, FactList } from '~/components/ui/fact-list';
import { SelectField, TextField } from '~/components/ui/field';
import { formatCredits } from '~/platform/money';
import { ActDialog, type ActErrors } from './act-dialog';
import { BeforeAfter } from './before-after';
import { SETTING_REASON_OPTIONS } from './setting-reasons';

export interface ShownPolicy {
  refund: 'absorb' | 'debt';
  dispute: 'absorb' | 'debt';
}

const SPENT = {
  absorb: 'Your loss: the customer owes nothing',
  debt: 'A debt: later credits repay it first',
} as const;
const SPENT_OPTIONS = [
  { value: 'absorb', label: SPENT.absorb },
  { value: 'debt', label: SPENT.debt },
];

/** What becomes of credits that were spent before their money went back. */
export function MoneyBackCard({
  realm,
  policy,
  mayAct,
}: {
  realm: { id: string; name: string };
  policy: ShownPolicy;
  mayAct: boolean;
}) {
  return (
    <Card
      title="When money goes back and its credits were spent"
      description={`For payments of ${realm.name}. Credits that are left are always taken back.`}
    >
      <FactList>
        <Fact label="After a refund">{SPENT[policy.refund]}</Fact>
        <Fact label="After a lost dispute">{SPENT[policy.dispute]}</Fact>
      </FactList>
      <p className="mt-2 text-xs text-text-muted">
        A lost dispute whose credits are owed freezes the wallet until the debt is repaid or staff let it go.
      </p>
      {mayAct ? (
        <div className="mt-3">
          <ActDialog
            opener={{ label: 'Change', icon: Pencil, size: 'sm' }}
            title="Change what spent credits become"
            description="It holds for what is refunded or disputed from now on, and for payments on which more goes back."
            intent="money_back"
            hidden={{ realm: realm.id }}
            reasons={SETTING_REASON_OPTIONS}
            submitLabel="Change the policy"
            pendingLabel="Changing…"
          >
            {(errors) => <MoneyBackFields policy={policy} errors={errors} />}
          </ActDialog>
        </div>
      ) : null}
    </Card>
  );
}

const isPolicy = (text: string): text is 'absorb' | 'debt' => text === 'absorb' || text === 'debt';

function MoneyBackFields({ policy, errors }: { policy: ShownPolicy; errors: ActErrors }) {
  const [before] = useState(policy);
  const [after, setAfter] = useState(policy);
  const choose = (kind: keyof ShownPolicy) => (event: { target: { value: string } }) => {
    const { value } = event.target;
    if (isPolicy(value)) setAfter({ ...after, [kind]: value });
  };
  return (
    <>
      <SelectField
        label="After a refund, spent credits are"
        name="refund"
        value={after.refund}
        onChange={choose('refund')}
        options={SPENT_OPTIONS}
        errors={errors['refund']}
      />
      <SelectField
        label="After a lost dispute, spent credits are"
        name="dispute"
        value={after.dispute}
        onChange={choose('dispute')}
        options={SPENT_OPTIONS}
        errors={errors['dispute']}
      />
      <BeforeAfter
        label="Spent credits"
        changes={[
          { label: 'Refund', before: WORD[before.refund], after: WORD[after.refund] },
          { label: 'Lost dispute', before: WORD[before.dispute], after: WORD[after.dispute] },
        ]}
      />
    </>
  );
}
const WORD = { absorb: 'your loss', debt: 'a debt' } as const;

export interface ShownNotices {
  lowBalance: bigint | null;
  expiryNoticeDays: number | null;
}

const low = (value: bigint | null) =>
  value === null ? 'Nobody is told' : `Below ${formatCredits(value)} credits, and at none`;
const expiring = (value: number | null) =>
  value === null ? 'Nobody is told' : value === 1 ? 'A day before' : `${value} days before`;

/** What a book tells its customers of by mail, and the product by webhook. */
export function NoticesCard({
  book,
  notices,
  mayAct,
}: {
  book: 'test' | 'live';
  notices: ShownNotices;
  mayAct: boolean;
}) {
  return (
    <Card
      title="When customers are told of their credits"
      description={`By mail, and your product by webhook, in the ${book} book. Once for each fall, once for each lot.`}
    >
      <FactList>
        <Fact label="Credits run low">{low(notices.lowBalance)}</Fact>
        <Fact label="Credits expire">{expiring(notices.expiryNoticeDays)}</Fact>
      </FactList>
      {mayAct ? (
        <div className="mt-3">
          <ActDialog
            opener={{ label: 'Change', icon: Pencil, size: 'sm' }}
            title="Change when customers are told"
            description="It holds from now on: what was crossed before is not told later."
            intent="notices"
            hidden={{ book }}
            reasons={SETTING_REASON_OPTIONS}
            submitLabel="Change the notices"
            pendingLabel="Changing…"
          >
            {(errors) => <NoticeFields notices={notices} errors={errors} />}
          </ActDialog>
        </div>
      ) : null}
    </Card>
  );
}

function NoticeFields({ notices, errors }: { notices: ShownNotices; errors: ActErrors }) {
  const [before] = useState(notices);
  const [lowText, setLow] = useState(notices.lowBalance?.toString() ?? '');
  const [daysText, setDays] = useState(notices.expiryNoticeDays?.toString() ?? '');
  const isWhole = (text: string) => /^[1-9]\d{0,14}$/.test(text);
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label="Told below, in credits"
          name="low"
          inputMode="numeric"
          value={lowText}
          onChange={(event) => setLow(event.target.value)}
          description="Empty tells nobody."
          errors={errors['low']}
          optional
        />
        <TextField
          label="Told before expiry, in days"
          name="days"
          inputMode="numeric"
          value={daysText}
          onChange={(event) => setDays(event.target.value)}
          description="Empty tells nobody."
          errors={errors['days']}
          optional
        />
      </div>
      <BeforeAfter
        label="Customers are told"
        changes={[
          {
            label: 'Credits run low',
            before: low(before.lowBalance),
            after: lowText === '' ? low(null) : isWhole(lowText) ? low(BigInt(lowText)) : '?',
          },
          {
            label: 'Credits expire',
            before: expiring(before.expiryNoticeDays),
            after: daysText === '' ? expiring(null) : isWhole(daysText) ? expiring(Number(daysText)) : '?',
          },
        ]}
      />
    </>
  );
}
