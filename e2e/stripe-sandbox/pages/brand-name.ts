const BRANDS: Partial<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  sepa_debit: 'SEPA Direct Debit',
  unionpay: 'UnionPay',
  us_bank_account: 'US bank account',
};

/** A card brand, or a kind of payment method, as people write it. */
export function brandName(brand: string): string {
  return BRANDS[brand] ?? brand.charAt(0).toUpperCase() + brand.slice(1);
}
