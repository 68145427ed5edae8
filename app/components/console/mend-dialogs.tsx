import { Link } from '@remix-run/react';
import UserCheck from 'lucide-react/icons/user-check';
import Wrench from 'lucide-react/icons/wrench';
import { SelectField } from '~/components/ui/field';
import { Notice } from '~/components/ui/notice';
import { type CatalogChoice, type CustomerRef } from '~/modules/admin/shared';
import { formatCredits, formatMoney } from '~/platform/money';
import { ActDialog, type ActDialogProps } from './act-dialog';
import { CustomerPicker } from './customer-picker';
import { EVENT_ACTS, eventCount, MEND_INTENTS, type SeenRef } from './event-acts';
import { MEND_REASON_OPTIONS } from './replay-dialog';

interface MendProps {
  seen: SeenRef;
  /** How many more wait for the same thing, and by which code: they are replayed with it. */
  others: number;
  code: string | null;
  size?: ActDialogProps['opener']['size'];
}

const hiddenOf = ({ seen, others, code }: MendProps) => ({
  ...{ realm: seen.realmId, event: seen.eventId, run: String(seen.run), others: String(others) },
  code: code ?? '',
});

const andOthers = (others: number): string =>
  others === 0
    ? 'The event runs again.'
    : `The event runs again, and ${eventCount(others)} that wait for the same with it.`;

const submitOf = (others: number): string =>
  others === 0 ? 'Keep and replay' : `Keep and replay all ${others + 1}`;

/** "Team, 5,000 credits for $49.00 (version 2)" */
const choiceWords = ({ name, n, credits, amount, currency }: CatalogChoice): string =>
  `${name}, ${formatCredits(credits)} credits for ${formatMoney(amount, currency)} (version ${n})`;

const NONE = { value: '', label: 'Choose…' };

interface PriceDialogProps extends MendProps {
  stripePrice: string;
  /** What the event says was paid. */
  money: { amount: bigint; currency: string } | null;
  choices: readonly CatalogChoice[];
}

/** Says which plan a Stripe price that somebody made by hand sells, of those that cost something in its currency. */
export function PriceDialog(props: PriceDialogProps) {
  const { stripePrice, money, choices, others, size } = props;
  const plans = choices.filter(
    ({ kind, currency }) => kind === 'plan' && (money === null || currency === money.currency),
  );
  const paid = money === null ? '' : ` ${formatMoney(money.amount, money.currency)} was paid by it.`;
  return (
    <ActDialog
      opener={{ label: 'Say what it sells…', icon: Wrench, variant: 'primary', ...(size ? { size } : {}) }}
      title="What does this price sell?"
      description={`${stripePrice} was made at Stripe and is none of the catalogue’s.${paid} ${andOthers(others)}`}
      action={EVENT_ACTS.mend}
      intent={MEND_INTENTS.price}
      hidden={{ ...hiddenOf(props), stripePrice }}
      reasons={MEND_REASON_OPTIONS}
      submitLabel={submitOf(others)}
      pendingLabel="Keeping…"
      isBarred={plans.length === 0}
    >
      {(errors) =>
        plans.length === 0 ? (
          <Notice
            tone="warn"
            title={`The catalogue has no plan in ${money?.currency.toUpperCase() ?? 'any currency'}`}
          >
            An admin puts one on sale in the{' '}
            <Link to="/admin/settings/catalogue" className="prose-link">
              catalogue
            </Link>
            .
          </Notice>
        ) : (
          <SelectField
            label="It sells"
            name="version"
            defaultValue=""
            required
            errors={errors['version']}
            description="Money that was paid by it is compared with what this costs: another amount still waits for a person."
            options={[
              NONE,
              ...plans.map((choice) => ({
                value: `${choice.versionId} ${choice.currency}`,
                label: choiceWords(choice),
              })),
            ]}
          />
        )
      }
    </ActDialog>
  );
}

/** Says whose image a Stripe customer is. */
export function CustomerDialog(props: MendProps & { stripeCustomer: string; likely: CustomerRef | null }) {
  const { stripeCustomer, likely, others, size } = props;
  return (
    <ActDialog
      opener={{ label: 'Say whose it is…', icon: UserCheck, variant: 'primary', ...(size ? { size } : {}) }}
      title="Whose is this Stripe customer?"
      description={`${stripeCustomer} was made at Stripe and is nobody’s here. ${andOthers(others)}`}
      action={EVENT_ACTS.mend}
      intent={MEND_INTENTS.customer}
      hidden={{ ...hiddenOf(props), stripeCustomer }}
      reasons={MEND_REASON_OPTIONS}
      submitLabel={submitOf(others)}
      pendingLabel="Keeping…"
    >
      {(errors) => <CustomerPicker name="customer" likely={likely} errors={errors['customer']} />}
    </ActDialog>
  );
}
