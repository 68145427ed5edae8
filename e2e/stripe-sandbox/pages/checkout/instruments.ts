import type { PayMethod } from '../../sandbox';
import { groupDigits } from './card-digits';
import { METHOD_FIELD, type FormValues, type TextFieldId } from './form-values';

/** A card or bank account of Stripe's test table. What each one does is decided by the engine, from the number alone. */
export interface Instrument {
  readonly key: string;
  readonly title: string;
  readonly method: PayMethod;
  /** As a person reads it; what a search finds beside the title. */
  readonly shown: string;
  readonly fields: Readonly<Partial<Record<TextFieldId, string>>>;
}

interface InstrumentGroup {
  readonly title: string;
  readonly instruments: readonly Instrument[];
}

const TEST_PAYER = {
  email: 'sam@example.com',
  billingName: 'Sam Sandbox',
  billingPostalCode: '94107',
  billingAddressLine1: '510 Townsend Street',
  billingLocality: 'San Francisco',
  billingAdministrativeArea: 'CA',
  cardExpiry: '12 / 34',
} as const;

function card(key: string, title: string, number: string): Instrument {
  const shown = groupDigits(number);
  const cardCvc = /^3[47]/.test(number) ? '1234' : '123';
  const fields = { cardNumber: shown, cardExpiry: TEST_PAYER.cardExpiry, cardCvc };
  return { key, title, method: 'card', shown, fields };
}

function iban(key: string, title: string, number: string): Instrument {
  const shown = number.replace(/(.{4})(?=.)/g, '$1 ');
  return { key, title, method: 'sepa_debit', shown, fields: { iban: shown } };
}

function account(key: string, title: string, number: string): Instrument {
  const fields = { routingNumber: '110000000', accountNumber: number };
  return { key, title, method: 'us_bank_account', shown: number, fields };
}

export const INSTRUMENTS: readonly InstrumentGroup[] = [
  {
    title: 'Cards that succeed',
    instruments: [
      card('success', 'Visa', '4242424242424242'),
      card('visa-debit', 'Visa, debit', '4000056655665556'),
      card('mastercard', 'Mastercard', '5555555555554444'),
      card('mastercard-debit', 'Mastercard, debit', '5200828282828210'),
      card('amex', 'American Express', '378282246310005'),
      card('discover', 'Discover', '6011111111111117'),
      card('diners', 'Diners Club', '3056930009020004'),
      card('jcb', 'JCB', '3566002020360505'),
      card('unionpay', 'UnionPay', '6200000000000005'),
      card('available-at-once', 'Funds available at once', '4000000000000077'),
    ],
  },
  {
    title: 'Declined',
    instruments: [
      card('declined', 'Declined', '4000000000000002'),
      card('insufficient-funds', 'Insufficient funds', '4000000000009995'),
      card('lost', 'Lost card', '4000000000009987'),
      card('stolen', 'Stolen card', '4000000000009979'),
      card('expired', 'Expired card', '4000000000000069'),
      card('incorrect-cvc', 'Incorrect CVC', '4000000000000127'),
      card('processing-error', 'Processing error', '4000000000000119'),
      card('velocity', 'Too many tries', '4000000000006975'),
      card('incorrect-number', 'Incorrect number', '4242424242424241'),
      card('declines-later', 'Saves, then declines when charged', '4000000000000341'),
    ],
  },
  {
    title: '3D Secure',
    instruments: [
      card('challenge', '3DS always, then succeeds', '4000002760003184'),
      card('challenge-required', '3DS required, then succeeds', '4000000000003220'),
      card('challenge-on-setup', '3DS unless saved for later', '4000002500003155'),
      card('challenge-declined', '3DS, then declined', '4000008400001629'),
      card('challenge-insufficient', '3DS, then insufficient funds', '4000008260003178'),
      card('challenge-fails', '3DS lookup fails', '4000008400001280'),
    ],
  },
  {
    title: 'Disputes',
    instruments: [
      card('dispute-fraudulent', 'Dispute: fraudulent', '4000000000000259'),
      card('dispute-not-received', 'Dispute: not received', '4000000000002685'),
      card('dispute-inquiry', 'Inquiry', '4000000000001976'),
      card('fraud-warning', 'Early fraud warning', '4000000000005423'),
      card('disputes', 'Several disputes', '4000004040000079'),
    ],
  },
  {
    title: 'Refunds',
    instruments: [
      card('refund-pending', 'Refund waits, then succeeds', '4000000000007726'),
      card('refund-fails', 'Refund succeeds, then fails', '4000000000005126'),
    ],
  },
  {
    title: 'Radar and checks',
    instruments: [
      card('radar-blocked', 'Always blocked', '4100000000000019'),
      card('radar-highest', 'Highest risk', '4000000000004954'),
      card('radar-elevated', 'Elevated risk, succeeds', '4000000000009235'),
      card('cvc-check', 'CVC check fails', '4000000000000101'),
      card('zip-check', 'ZIP check fails', '4000000000000036'),
      card('line1-check', 'Address check fails', '4000000000000028'),
      card('avs-check', 'ZIP and address checks fail', '4000000000000010'),
    ],
  },
  {
    title: 'SEPA Direct Debit',
    instruments: [
      iban('sepa-success', 'Succeeds', 'AT611904300234573201'),
      iban('sepa-slow', 'Succeeds after minutes', 'AT321904300235473204'),
      iban('sepa-fails', 'Fails', 'AT861904300235473202'),
      iban('sepa-fails-slow', 'Fails after minutes', 'AT051904300235473205'),
      iban('sepa-disputed', 'Succeeds, then is disputed', 'AT981904300235473203'),
      iban('sepa-cli', 'Fails, as the CLI tries it', 'IT60X0542811101000000123456'),
    ],
  },
  {
    title: 'US bank account',
    instruments: [
      account('ach-success', 'Succeeds', '000123456789'),
      account('ach-closed', 'Account closed', '000111111113'),
      account('ach-no-account', 'No account', '000111111116'),
      account('ach-insufficient', 'Insufficient funds', '000222222227'),
      account('ach-not-authorized', 'Not authorized', '000333333335'),
      account('ach-disputed', 'Succeeds, then is disputed', '000555555559'),
      account('ach-waits', 'Stays processing', '000000000009'),
    ],
  },
];

export function findInstrument(key: string): Instrument | undefined {
  return INSTRUMENTS.flatMap(({ instruments }) => instruments).find((one) => one.key === key);
}

/** What one click puts into the form: the instrument, and a test payer where nothing was typed yet. */
export function fillIn(values: FormValues, { method, fields }: Instrument): FormValues {
  return {
    ...values,
    ...fields,
    method,
    savedMethod: null,
    email: values.email || TEST_PAYER.email,
    billingName: values.billingName || TEST_PAYER.billingName,
    billingPostalCode: values.billingPostalCode || TEST_PAYER.billingPostalCode,
    billingAddressLine1: values.billingAddressLine1 || TEST_PAYER.billingAddressLine1,
    billingLocality: values.billingLocality || TEST_PAYER.billingLocality,
    billingAdministrativeArea: values.billingAdministrativeArea || TEST_PAYER.billingAdministrativeArea,
  };
}

/** The same for the script, as form fields. */
export function fillText({ method, fields }: Instrument): string {
  return new URLSearchParams({ [METHOD_FIELD]: method, ...fields }).toString();
}
