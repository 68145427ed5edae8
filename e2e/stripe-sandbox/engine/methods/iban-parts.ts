/** Where a country's IBANs hold the bank's and the branch's code: lengths after the check digits. */
const LAYOUTS: Record<string, { skip: number; bank: number; branch: number }> = {
  AT: { skip: 0, bank: 5, branch: 0 },
  BE: { skip: 0, bank: 3, branch: 0 },
  DE: { skip: 0, bank: 8, branch: 0 },
  ES: { skip: 0, bank: 4, branch: 4 },
  FR: { skip: 0, bank: 5, branch: 5 },
  IE: { skip: 0, bank: 4, branch: 6 },
  IT: { skip: 1, bank: 5, branch: 5 },
  NL: { skip: 0, bank: 4, branch: 0 },
  PT: { skip: 0, bank: 4, branch: 4 },
};

export function ibanParts(iban: string): {
  bank_code: string | null;
  branch_code: string | null;
  country: string;
} {
  const country = iban.slice(0, 2);
  const { skip, bank, branch } = LAYOUTS[country] ?? { skip: 0, bank: 0, branch: 0 };
  const rest = iban.slice(4 + skip);
  return {
    bank_code: rest.slice(0, bank) || null,
    branch_code: rest.slice(bank, bank + branch) || null,
    country,
  };
}
