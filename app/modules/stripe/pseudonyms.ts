import { randomBytes, randomInt } from 'node:crypto';

/** Stand-ins for what names somebody or something: the same one for the same value, so that links hold. */
export interface Pseudonyms {
  /** A fresh id of the same form; of a kind that is not known, an id that says nothing. */
  id(id: string): string;
  /** What stands in for a person's datum in a field of that name. */
  datum(field: string, value: string): string;
  /** The ids that stand for others, by what they stand for. */
  readonly ids: ReadonlyMap<string, string>;
}

const STRIPES = [
  ...['evt', 'cs_test', 'cs_live', 'pi', 'seti', 'pm', 'card', 'src', 'ch', 'py', 're', 'pyr', 'du', 'dp'],
  ...['in', 'ii', 'il', 'inpay', 'sub', 'si', 'sub_sched', 'cus', 'acct', 'price', 'prod', 'plan', 'txn'],
  ...[
    'promo',
    'di',
    'mandate',
    'pmc',
    'setatt',
    'txcd',
    'txr',
    'clock',
    'sli',
    'li',
    'issfr',
    'prda',
    'pmrc',
  ],
];
/** Made as `newId` and SQL make them: 32 digits of hex. */
const OURS = [
  ...['pay', 'cst', 'rlm', 'itm', 'ver', 'mbk', 'scl', 'sbs', 'sbo', 'sba', 'tur', 'tuc', 'crd', 'cds'],
  ...['txf', 'lot', 'wal', 'hld', 'req', 'fnd', 'usr'],
];
const FORM = new RegExp(`^(${STRIPES.join('|')})_([A-Za-z0-9]{6,250})$`);
const OUR_FORM = new RegExp(`^(${OURS.join('|')})_[0-9a-f]{32}$`);

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const randomText = (length: number): string =>
  Array.from({ length }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');

/** What is live reads as test: a scenario is played where no live money is. */
const likeIt = (id: string): string => {
  const ours = OUR_FORM.exec(id);
  if (ours?.[1] !== undefined) return `${ours[1]}_${randomBytes(16).toString('hex')}`;
  const [, prefix, rest] = FORM.exec(id) ?? [];
  if (prefix === undefined || rest === undefined) return `id_${randomText(24)}`;
  return `${prefix === 'cs_live' ? 'cs_test' : prefix}_${randomText(Math.max(rest.length, 14))}`;
};

const isAddress = (field: string) => field.endsWith('email');
const isLink = (field: string) => field.endsWith('url') || field === 'invoice_pdf';

export function makePseudonyms(): Pseudonyms {
  const ids = new Map<string, string>();
  const data = new Map<string, number>();
  return {
    ids,
    id: (id) => {
      const known = ids.get(id) ?? likeIt(id);
      ids.set(id, known);
      return known;
    },
    datum: (field, value) => {
      const n = data.get(value) ?? data.size + 1;
      data.set(value, n);
      if (isAddress(field)) return `person-${n}@redacted.invalid`;
      if (isLink(field)) return `https://redacted.invalid/${n}`;
      return field === 'last4' ? String(n).padStart(4, '0').slice(-4) : `redacted ${n}`;
    },
  };
}

/** For what names nobody any more: everything stands for itself. */
export const THEMSELVES: Pseudonyms = { id: (id) => id, datum: (_field, value) => value, ids: new Map() };
