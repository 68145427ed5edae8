import type { PayField, PayInput, PayMethod } from '../../sandbox';
import { groupDigits } from './card-digits';

/** The text fields as the page names them; ids and names equal checkout.stripe.com's where it has them. */
export const TEXT_FIELDS = [
  'email',
  'cardNumber',
  'cardExpiry',
  'cardCvc',
  'iban',
  'routingNumber',
  'accountNumber',
  'billingName',
  'billingCountry',
  'billingPostalCode',
  'billingAddressLine1',
  'billingLocality',
  'billingAdministrativeArea',
  'phoneNumber',
] as const;
export type TextFieldId = (typeof TEXT_FIELDS)[number];

/** The name of the radio group that picks the method, as checkout.stripe.com has it. */
export const METHOD_FIELD = 'payment-method-accordion-item-title';
export const SAVE_FIELD = 'enableStripePass';
export const TERMS_FIELD = 'termsOfServiceConsentCheckbox';
const CUSTOM_FIELD = 'customFields.';

export type FormValues = Readonly<Record<TextFieldId, string>> & {
  readonly method: PayMethod;
  /** Chosen in the place of a new one. */
  readonly savedMethod: string | null;
  readonly savesMethod: boolean;
  readonly acceptsTerms: boolean;
  readonly customFields: Readonly<Record<string, string>>;
};

export const EMPTY_VALUES: FormValues = {
  email: '',
  cardNumber: '',
  cardExpiry: '',
  cardCvc: '',
  iban: '',
  routingNumber: '',
  accountNumber: '',
  billingName: '',
  billingCountry: 'US',
  billingPostalCode: '',
  billingAddressLine1: '',
  billingLocality: '',
  billingAdministrativeArea: '',
  phoneNumber: '',
  method: 'card',
  savedMethod: null,
  savesMethod: false,
  acceptsTerms: false,
  customFields: {},
};

export interface FormProblem {
  /** The id of the field; null: the message is about the payment as a whole. */
  readonly field: string | null;
  readonly message: string;
}

export function customFieldId(key: string): string {
  return `${CUSTOM_FIELD}${key}`;
}

/** Where a refused field stands on the page. */
export function fieldIdOf(field: PayField): string {
  switch (field) {
    case 'expMonth':
    case 'expYear':
      return 'cardExpiry';
    case 'cvc':
      return 'cardCvc';
    case 'name':
      return 'billingName';
    case 'country':
      return 'billingCountry';
    case 'postalCode':
      return 'billingPostalCode';
    case 'line1':
      return 'billingAddressLine1';
    case 'city':
      return 'billingLocality';
    case 'state':
      return 'billingAdministrativeArea';
    case 'phone':
      return 'phoneNumber';
    case 'savedMethod':
      return METHOD_FIELD;
    case 'acceptsTerms':
      return TERMS_FIELD;
    case 'email':
    case 'cardNumber':
    case 'iban':
    case 'routingNumber':
    case 'accountNumber':
    default:
      return field;
  }
}

/** Of the methods that the session takes; the first one unless the form names another. */
function readMethod(form: URLSearchParams, methods: readonly PayMethod[]): PayMethod {
  const wanted = form.get(METHOD_FIELD);
  return methods.find((method) => method === wanted) ?? methods[0] ?? 'card';
}

function readSaved(form: URLSearchParams): string | null {
  const wanted = form.get(METHOD_FIELD) ?? '';
  return wanted.startsWith('pm_') ? wanted : null;
}

export function readForm(form: URLSearchParams, methods: readonly PayMethod[]): FormValues {
  const read = (name: TextFieldId) => (form.get(name) ?? '').trim();
  const custom = [...form].filter(([name]) => name.startsWith(CUSTOM_FIELD));
  return {
    email: read('email'),
    cardNumber: groupDigits(read('cardNumber')),
    cardExpiry: read('cardExpiry'),
    cardCvc: read('cardCvc'),
    iban: read('iban'),
    routingNumber: read('routingNumber'),
    accountNumber: read('accountNumber'),
    billingName: read('billingName'),
    billingCountry: read('billingCountry') || 'US',
    billingPostalCode: read('billingPostalCode'),
    billingAddressLine1: read('billingAddressLine1'),
    billingLocality: read('billingLocality'),
    billingAdministrativeArea: read('billingAdministrativeArea'),
    phoneNumber: read('phoneNumber'),
    method: readMethod(form, methods),
    savedMethod: readSaved(form),
    savesMethod: form.has(SAVE_FIELD),
    acceptsTerms: form.has(TERMS_FIELD),
    customFields: Object.fromEntries(
      custom.map(([name, value]) => [name.slice(CUSTOM_FIELD.length), value.trim()]),
    ),
  };
}

/** `12 / 34`, `12/2034` and `1234` all read as month 12 and a year. */
export function readExpiry(text: string): { month: string; year: string } {
  const [month = '', year = ''] = text.includes('/')
    ? text.split('/').map((part) => part.trim())
    : [text.slice(0, 2), text.slice(2)];
  return { month, year };
}

export function toPayInput(values: FormValues): PayInput {
  const { month, year } = readExpiry(values.cardExpiry);
  return {
    email: values.email,
    cardNumber: values.cardNumber.replace(/\D/g, ''),
    expMonth: month,
    expYear: year,
    cvc: values.cardCvc,
    name: values.billingName,
    country: values.billingCountry,
    postalCode: values.billingPostalCode,
    method: values.method,
    iban: values.iban,
    routingNumber: values.routingNumber,
    accountNumber: values.accountNumber,
    ...(values.savedMethod !== null && { savedMethod: values.savedMethod }),
    savesMethod: values.savesMethod,
    line1: values.billingAddressLine1,
    city: values.billingLocality,
    state: values.billingAdministrativeArea,
    phone: values.phoneNumber,
    acceptsTerms: values.acceptsTerms,
    customFields: values.customFields,
  };
}
