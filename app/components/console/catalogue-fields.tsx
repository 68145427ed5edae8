import { type ChangeEvent, useState } from 'react';
import { TextareaField, TextField } from '~/components/ui/field';
import { type CatalogItemView, type CatalogVersionView } from '~/modules/catalog/shared';
import { type ActErrors } from './act-dialog';
import { BeforeAfter } from './before-after';
import { typedPrices } from './catalogue-words';

type Name =
  | 'name'
  | 'description'
  | 'credits'
  | 'expiresDays'
  | 'trialDays'
  | 'trialCredits'
  | 'rollover'
  | 'prices'
  | 'position';
type Typed = Record<Name, string>;

const LABEL: Typed = {
  name: 'Name',
  description: 'Description',
  credits: 'Credits',
  expiresDays: 'Expire after days',
  trialDays: 'Trial, in days',
  trialCredits: 'Credits of the trial',
  rollover: 'Periods that credits live on',
  prices: 'Prices',
  position: 'Place in the shop',
};

function typedOf(version: CatalogVersionView | undefined, position: number): Typed {
  return {
    name: version?.name ?? '',
    description: version?.description ?? '',
    credits: version?.credits.toString() ?? '',
    expiresDays: version === undefined ? '365' : (version.expiresDays?.toString() ?? ''),
    trialDays: version?.trialDays?.toString() ?? '',
    trialCredits: version?.trialCredits?.toString() ?? '',
    rollover: version?.rolloverPeriods.toString() ?? '0',
    prices: version === undefined ? '' : typedPrices(version),
    position: position.toString(),
  };
}

/** The terms of an item, and what is other than in the version in force. */
export function CatalogueFields({ item, errors }: { item?: CatalogItemView; errors: ActErrors }) {
  const isPlan = item?.kind === 'plan';
  const [before] = useState(() => typedOf(item?.versions[0], item?.position ?? 10));
  const [typed, setTyped] = useState(before);
  const field = (name: Name) => ({
    ...{ name, label: LABEL[name], value: typed[name], errors: errors[name] },
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      setTyped({ ...typed, [name]: event.target.value }),
  });
  const changes = (Object.keys(LABEL) as Name[])
    .filter((name) => typed[name] !== before[name])
    .map((name) => ({ label: LABEL[name], before: shown(before[name]), after: shown(typed[name]) }));
  return (
    <>
      {item === undefined ? (
        <TextField
          label="Code"
          name="code"
          placeholder="starter"
          description="Its name in addresses and in the API; it never changes."
          required
          errors={errors['code']}
        />
      ) : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...field('name')} required />
        <TextField
          {...field('credits')}
          label={isPlan ? 'Credits a period' : 'Credits'}
          inputMode="numeric"
          required
        />
      </div>
      <TextField {...field('description')} optional />
      <div className="grid gap-4 sm:grid-cols-3">
        {isPlan ? (
          <>
            <TextField {...field('trialDays')} inputMode="numeric" optional />
            <TextField {...field('trialCredits')} inputMode="numeric" optional />
            <TextField {...field('rollover')} inputMode="numeric" />
          </>
        ) : (
          <TextField {...field('expiresDays')} inputMode="numeric" description="Empty is never." optional />
        )}
        <TextField {...field('position')} inputMode="numeric" description="Low numbers stand first." />
      </div>
      <TextareaField
        {...field('prices')}
        description="One a line: a currency and an amount, such as USD 20.00."
        rows={4}
        required
      />
      {item === undefined || changes.length === 0 ? null : (
        <BeforeAfter label="The new version" changes={changes} />
      )}
    </>
  );
}

const shown = (text: string) => <span className="whitespace-pre-line">{text === '' ? '–' : text}</span>;
