import { getFormProps, type SubmissionResult, useForm } from '@conform-to/react';
import { Form } from '@remix-run/react';
import { useState } from 'react';

import { ButtonRow, SubmitButton } from '~/components/ui/button';
import { Card } from '~/components/ui/card';
import { CheckboxField, SelectField, TextField } from '~/components/ui/field';
import { FormError } from '~/components/ui/notice';
import { type PackView } from '~/modules/catalog/shared';
import {
  capOf,
  type CardView,
  consentWords,
  TOP_UP_INTENTS,
  type TopUpTerms,
  type TopUpView,
} from '~/modules/credits/shared';
import { currencyExponent, formatCredits, formatMoney } from '~/platform/money';

import { cardName } from './top-up-words';

export interface TopUpFormProps {
  /** At least one, all in one currency. */
  packs: readonly [PackView, ...PackView[]];
  terms: TopUpTerms | undefined;
  savedCard: CardView | undefined;
  state: TopUpView['state'];
  /** The one that is saved was the trouble. */
  wantsNewCard: boolean;
  lastResult: SubmissionResult<string[]> | undefined;
}

const TITLE: Record<TopUpView['state'], string> = {
  none: 'Turn it on',
  off: 'Turn it on',
  waiting: 'Turn it on',
  on: 'Change it',
  paused: 'Turn it on again',
};

/** The terms, and the sentence that they make: it is what is agreed to, and changes with every key. */
export function TopUpForm({ packs, terms, savedCard, state, wantsNewCard, lastResult }: TopUpFormProps) {
  const typed = useTyped(packs, terms, lastResult);
  const { pack, threshold, cap, set } = typed;
  // What is sent is read by the server alone: the sentence that it makes is seen here while it is typed.
  const [form, fields] = useForm<Typed & { pack: string; agreed: string }>({ lastResult });
  const [card, setCard] = useState(savedCard === undefined || wantsNewCard ? 'new' : 'saved');
  const label =
    card === 'new'
      ? 'Agree and save a card'
      : state === 'on'
        ? 'Agree to the change'
        : 'Agree and turn it on';
  return (
    <Card
      title={TITLE[state]}
      description="When your credits run low, we buy a pack with your saved card. You can stop it at any time."
    >
      <Form method="post" {...getFormProps(form)} className="flex flex-col gap-5">
        <FormError errors={form.errors} id={form.errorId} />
        <input type="hidden" name="currency" value={pack.currency} />
        <SelectField
          label="Buy"
          name="pack"
          value={pack.code}
          onChange={({ target }) => set({ code: target.value })}
          errors={fields.pack.errors}
          options={packs.map(({ code, name, credits, amount, currency }) => ({
            value: code,
            label: `${name}: ${formatCredits(credits)} credits for ${formatMoney(amount, currency)}`,
          }))}
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            label="When fewer credits are left than"
            name="threshold"
            inputMode="numeric"
            autoComplete="off"
            value={threshold}
            onChange={({ target }) => set({ threshold: target.value })}
            errors={fields.threshold.errors}
          />
          <TextField
            label={`At most in a month (${pack.currency.toUpperCase()})`}
            name="cap"
            inputMode="numeric"
            autoComplete="off"
            description="By calendar month, UTC. What is under way counts."
            value={cap}
            onChange={({ target }) => set({ cap: target.value })}
            errors={fields.cap.errors}
          />
        </div>
        {savedCard === undefined ? (
          <input type="hidden" name="card" value="new" />
        ) : (
          <SelectField
            label="Card"
            name="card"
            value={card}
            onChange={({ target }) => setCard(target.value)}
            options={[
              { value: 'saved', label: cardName(savedCard) },
              { value: 'new', label: 'Another card, on Stripe’s page' },
            ]}
          />
        )}
        <input type="hidden" name="words" value={typed.words} />
        <CheckboxField name="agreed" value="yes" label={typed.words} errors={fields.agreed.errors} />
        <ButtonRow>
          <SubmitButton
            name="intent"
            value={TOP_UP_INTENTS.agree}
            variant="primary"
            pendingLabel={card === 'new' ? 'Opening Stripe’s page…' : 'Saving…'}
          >
            {label}
          </SubmitButton>
        </ButtonRow>
        {card === 'new' ? (
          <p className="text-xs text-text-muted">
            Stripe keeps your card and asks your bank if need be; its number never reaches us. Saving it costs
            nothing.
          </p>
        ) : null}
      </Form>
    </Card>
  );
}

interface Typed {
  code: string;
  threshold: string;
  cap: string;
}

/** What stands in the fields: what was sent and came back, else what is agreed to, else a sensible beginning. */
function useTyped(
  packs: TopUpFormProps['packs'],
  terms: TopUpTerms | undefined,
  lastResult: SubmissionResult<string[]> | undefined,
) {
  const [typed, setTyped] = useState<Typed>(() => {
    const sent = lastResult?.initialValue ?? {};
    const text = (name: string, otherwise: string) => {
      const value = sent[name];
      return typeof value === 'string' ? value : otherwise;
    };
    const first = packs.find(({ code }) => code === terms?.packCode) ?? packs[0];
    const agreedCap = terms?.currency === first.currency ? terms.monthlyCap : undefined;
    return {
      code: text('pack', first.code),
      threshold: text('threshold', (terms?.threshold ?? first.credits / 5n).toString()),
      cap: text('cap', wholeUnits(agreedCap ?? first.amount * 5n, first.currency)),
    };
  });
  const pack = packs.find(({ code }) => code === typed.code) ?? packs[0];
  const words = consentWords({
    ...{ packCode: pack.code, packName: pack.name, credits: pack.credits, amount: pack.amount },
    ...{ currency: pack.currency, threshold: digitsOf(typed.threshold) },
    monthlyCap: capOf(digitsOf(typed.cap), pack.currency),
  });
  return { ...typed, pack, words, set: (change: Partial<Typed>) => setTyped({ ...typed, ...change }) };
}

/** Rounded up, so that what is offered is never below what it is for. */
function wholeUnits(amount: bigint, currency: string): string {
  const unit = 10n ** BigInt(currencyExponent(currency));
  return ((amount + unit - 1n) / unit).toString();
}

const digitsOf = (text: string): bigint => (/^\d{1,12}$/.test(text.trim()) ? BigInt(text.trim()) : 0n);
