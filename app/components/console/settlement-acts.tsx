import ArrowUpToLine from 'lucide-react/icons/arrow-up-to-line';
import Pencil from 'lucide-react/icons/pencil';
import Undo2 from 'lucide-react/icons/undo-2';
import { useState } from 'react';
import { Badge } from '~/components/ui/badge';
import { ButtonRow } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { Fact, FactList } from '~/components/ui/fact-list';
import { SelectField, TextField } from '~/components/ui/field';
import {
  SETTLEMENT_PATIENCE,
  SETTLEMENT_RULE_LABEL,
  SETTLEMENT_RULE_WORDS,
  SETTLEMENT_RULES,
  type SettlementPolicy,
} from '~/modules/payments/shared';
import { seconds } from '~/platform/time';
import { ActDialog, type ActErrors } from './act-dialog';
import { BeforeAfter } from './before-after';
import { SETTING_REASON_OPTIONS } from './setting-reasons';

interface SettlementProps {
  realm: { id: string; name: string };
  policy: SettlementPolicy;
  mayAct: boolean;
}

const candidateWords = ({ candidate, percentage }: SettlementPolicy): string =>
  candidate === null ? 'None' : `${SETTLEMENT_RULE_LABEL[candidate]}, ${percentage} %`;

/** Which rule settles, and the ways to change it. */
export function SettlementCard({ realm, policy, mayAct }: SettlementProps) {
  const { current, candidate, former } = policy;
  return (
    <Card
      title="What settles a pack"
      description={`For purchases on Stripe’s page, in ${realm.name}. Top-ups settle by their PaymentIntent, plans by their invoice, under every rule.`}
      actions={
        <Badge tone={candidate === null ? 'idle' : policy.percentage === 0 ? 'info' : 'warn'}>
          {candidate === null ? 'One rule' : policy.percentage === 0 ? 'Comparing' : 'Rolling out'}
        </Badge>
      }
    >
      <FactList>
        <Fact label="Current rule">{SETTLEMENT_RULE_LABEL[current]}</Fact>
        <Fact label="Candidate">{candidateWords(policy)}</Fact>
        <Fact label="Before the last promotion">{former === null ? '–' : SETTLEMENT_RULE_LABEL[former]}</Fact>
      </FactList>
      <p className="mt-2 text-xs text-text-muted">
        {SETTLEMENT_RULE_WORDS[current]} A rule only delays: what is proven paid settles by any rule after{' '}
        {SETTLEMENT_PATIENCE / seconds(1)} seconds, and at once when Stripe is asked.
      </p>
      {mayAct ? (
        <div className="mt-3">
          <SettlementActs realm={realm} policy={policy} />
        </div>
      ) : null}
    </Card>
  );
}

function SettlementActs({ realm, policy }: Omit<SettlementProps, 'mayAct'>) {
  const { current, candidate, percentage, former } = policy;
  const common = { hidden: { realm: realm.id }, reasons: SETTING_REASON_OPTIONS };
  const isRolling = candidate !== null && percentage > 0;
  return (
    <ButtonRow>
      <ActDialog
        {...common}
        opener={{ label: 'Try a rule', icon: Pencil, size: 'sm' }}
        title="Try another rule"
        description="It holds from the next fact on. A payment keeps its rule while the percentage grows; one under way takes its new rule at its next fact."
        intent="try"
        submitLabel="Try the rule"
        pendingLabel="Changing…"
      >
        {(errors) => <TryFields policy={policy} errors={errors} />}
      </ActDialog>
      {candidate === null ? null : (
        <ActDialog
          {...common}
          opener={{ label: 'Promote', icon: ArrowUpToLine, size: 'sm' }}
          title={`Settle every pack by ${SETTLEMENT_RULE_LABEL[candidate].toLowerCase()}?`}
          description="It holds from the next fact on. A rollback leads back to the rule that stands now."
          intent="promote"
          submitLabel="Promote the candidate"
          pendingLabel="Promoting…"
        >
          <BeforeAfter
            label="Settlement"
            changes={[
              {
                label: 'Rule of all',
                before: SETTLEMENT_RULE_LABEL[current],
                after: SETTLEMENT_RULE_LABEL[candidate],
              },
            ]}
          />
        </ActDialog>
      )}
      {isRolling || former !== null ? (
        <ActDialog
          {...common}
          opener={{ label: 'Roll back', icon: Undo2, size: 'sm', variant: 'danger' }}
          title="Roll back now?"
          description="It holds from the next fact on, in every process. What waits under the other rule settles within seconds."
          intent="roll_back"
          submitLabel="Roll back"
          pendingLabel="Rolling back…"
          isDanger
        >
          <BeforeAfter
            label="Settlement"
            changes={[
              isRolling
                ? {
                    label: `By ${SETTLEMENT_RULE_LABEL[candidate].toLowerCase()}`,
                    before: `${percentage} %`,
                    after: '0 %',
                  }
                : {
                    label: 'Rule of all',
                    before: SETTLEMENT_RULE_LABEL[current],
                    after: SETTLEMENT_RULE_LABEL[former ?? current],
                  },
            ]}
          />
        </ActDialog>
      ) : null}
    </ButtonRow>
  );
}

function TryFields({ policy, errors }: { policy: SettlementPolicy; errors: ActErrors }) {
  const [before] = useState(policy);
  const [candidate, setCandidate] = useState<string>(policy.candidate ?? '');
  const [share, setShare] = useState(String(policy.percentage));
  const chosen = SETTLEMENT_RULES.find((rule) => rule === candidate) ?? null;
  const percentage = chosen === null ? 0 : Number(share);
  const isShare = Number.isInteger(percentage) && percentage >= 0 && percentage <= 100;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Candidate"
          name="candidate"
          value={candidate}
          onChange={(event) => setCandidate(event.target.value)}
          options={[
            { value: '', label: 'None' },
            ...SETTLEMENT_RULES.filter((rule) => rule !== before.current).map((rule) => ({
              value: rule,
              label: SETTLEMENT_RULE_LABEL[rule],
            })),
          ]}
          errors={errors['candidate']}
        />
        <TextField
          label="Of the payments, in percent"
          name="percentage"
          inputMode="numeric"
          value={share}
          onChange={(event) => setShare(event.target.value)}
          description="0 compares alone."
          errors={errors['percentage']}
        />
      </div>
      {chosen === null ? null : <p className="text-text-muted">{SETTLEMENT_RULE_WORDS[chosen]}</p>}
      <BeforeAfter
        label="Settlement"
        changes={[
          {
            label: 'Candidate',
            before: candidateWords(before),
            after: isShare ? candidateWords({ ...before, candidate: chosen, percentage }) : '?',
          },
        ]}
      />
    </>
  );
}
