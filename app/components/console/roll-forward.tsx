import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';
import { Amount } from '~/components/money/amount';
import { Credits } from '~/components/money/credits';
import { classes } from '~/components/ui/classes';
import { DataTable, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import {
  CREDIT_LINES,
  type CurrencyRoll,
  DEBT_LINES,
  FINANCE_LINE_LABEL,
  type FinanceLine,
  isEarning,
  type RollForward,
  type Standing,
  USUAL_LINES,
} from '~/modules/finance/shared';

/** The list behind a line of a month, where there is one. Sold lines are payments by kind; `days` are the month's first and last. */
function listBehind(line: FinanceLine, [first, last]: readonly [string, string], currency: string | null) {
  const [what, kind] = line.split('.');
  const ofCurrency = currency === null ? '' : `&currency=${currency}`;
  if (what === 'sold')
    return `/admin/payments?kind=${kind}&settled=${first}&settledUntil=${last}${ofCurrency}`;
  if (line === 'revoked.refund' || line === 'returned.refund') return '/admin/refunds';
  if (line === 'revoked.dispute' || line === 'returned.dispute') return '/admin/disputes';
  return undefined;
}

const NONE: Standing = { credits: 0n, money: 0n, debt: 0n };

/** The first and last day of a month. */
export function daysOf(month: string): readonly [string, string] {
  const [year = 0, n = 0] = month.split('-').map(Number);
  return [`${month}-01`, new Date(Date.UTC(year, n, 0)).toISOString().slice(0, 10)];
}

const sumOf = (rolls: readonly CurrencyRoll[], of: (roll: CurrencyRoll) => bigint) =>
  rolls.reduce((sum, roll) => sum + of(roll), 0n);
const moved = (roll: CurrencyRoll, line: FinanceLine, what: 'credits' | 'money') =>
  roll.movements.find((one) => one.line === line)?.[what] ?? 0n;

/** What was earned of one currency's deferred money. */
export const earnedOf = (roll: CurrencyRoll): bigint =>
  roll.movements.filter(({ line }) => isEarning(line)).reduce((sum, { money }) => sum - money, 0n);
/** What was sold, without tax. */
export const soldOf = (roll: CurrencyRoll): bigint =>
  roll.movements.filter(({ line }) => line.startsWith('sold.')).reduce((sum, { money }) => sum + money, 0n);

/** Opening, each line, closing: credits in one column, deferred money in one for each currency. */
export function RollForwardTable({ roll, currencies }: { roll: RollForward; currencies: CurrencyRoll[] }) {
  const days = daysOf(roll.month);
  const priced = currencies.filter(({ currency }) => currency !== null);
  const lines = CREDIT_LINES.filter(
    (line) => USUAL_LINES.has(line) || currencies.some((one) => moved(one, line, 'credits') !== 0n),
  );
  const single = currencies.length === 1 ? (currencies[0]?.currency ?? null) : null;
  return (
    <DataTable label="Roll-forward" minWidth={priced.length > 2 ? 'md' : 'none'}>
      <THead>
        <Th>Line</Th>
        <Th numeric>Credits</Th>
        {priced.map(({ currency }) => (
          <Th key={currency} numeric>
            Deferred {currency?.toUpperCase()}
          </Th>
        ))}
      </THead>
      <TBody>
        <StandingRow label={`Opening, ${days[0]}`} currencies={currencies} which="opening" />
        {lines.map((line) => (
          <Tr key={line}>
            <Td wraps>
              <LineName line={line} to={listBehind(line, days, single)} />
            </Td>
            <Td numeric>
              <Moved value={sumOf(currencies, (one) => moved(one, line, 'credits'))}>
                {(value) => <Credits value={value} signed />}
              </Moved>
            </Td>
            {priced.map((one) => (
              <Td key={one.currency} numeric>
                <Moved value={moved(one, line, 'money')}>
                  {(value) => <Amount minor={value} currency={one.currency ?? ''} />}
                </Moved>
              </Td>
            ))}
          </Tr>
        ))}
        <StandingRow label={`Closing, ${days[1]}`} currencies={currencies} which="closing" />
      </TBody>
    </DataTable>
  );
}

function LineName({ line, to }: { line: FinanceLine; to: string | undefined }) {
  const name = (
    <>
      {FINANCE_LINE_LABEL[line]}
      {isEarning(line) ? <span className="ml-2 hidden text-xs text-text-muted sm:inline">earned</span> : null}
    </>
  );
  return to === undefined ? (
    name
  ) : (
    <Link
      to={to}
      prefetch="intent"
      className="underline decoration-line-strong underline-offset-4 hover:text-accent-text hover:decoration-accent"
    >
      {name}
    </Link>
  );
}

/** Nothing is a dash, so that what moved stands out. */
function Moved({ value, children }: { value: bigint; children: (value: bigint) => ReactNode }) {
  return value === 0n ? <span className="text-text-muted">–</span> : <>{children(value)}</>;
}

function StandingRow({
  label,
  currencies,
  which,
}: {
  label: string;
  currencies: CurrencyRoll[];
  which: 'opening' | 'closing';
}) {
  const className = classes('font-semibold', which === 'closing' && 'border-t border-t-line-strong');
  return (
    <Tr>
      <Td wraps className={className}>
        {label}
      </Td>
      <Td numeric className={className}>
        <Credits value={sumOf(currencies, (one) => one[which].credits)} />
      </Td>
      {currencies
        .filter(({ currency }) => currency !== null)
        .map((one) => (
          <Td key={one.currency} numeric className={className}>
            <Amount minor={(one[which] ?? NONE).money} currency={one.currency ?? ''} />
          </Td>
        ))}
    </Tr>
  );
}

/** Credits that customers owe, rolled forward by themselves; nothing where nobody ever owed any. */
export function DebtTable({ currencies }: { currencies: CurrencyRoll[] }) {
  const rows = [
    { label: 'Opening', value: sumOf(currencies, (one) => one.opening.debt), isSum: true },
    ...DEBT_LINES.map((line) => ({
      label: FINANCE_LINE_LABEL[line],
      value: sumOf(currencies, (one) => moved(one, line, 'credits')),
      isSum: false,
    })),
    { label: 'Closing', value: sumOf(currencies, (one) => one.closing.debt), isSum: true },
  ];
  return (
    <DataTable label="Credits owed" minWidth="none">
      <THead>
        <Th>Line</Th>
        <Th numeric>Credits owed</Th>
      </THead>
      <TBody>
        {rows.map(({ label, value, isSum }) => (
          <Tr key={label}>
            <Td className={classes(isSum && 'font-semibold')}>{label}</Td>
            <Td numeric className={classes(isSum && 'font-semibold')}>
              {isSum ? (
                <Credits value={value} />
              ) : (
                <Moved value={value}>{(of) => <Credits value={of} signed />}</Moved>
              )}
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

/** Whether anything of debt stands or moved. */
export const hasDebt = (currencies: readonly CurrencyRoll[]): boolean =>
  currencies.some(
    ({ opening, closing, movements }) =>
      opening.debt !== 0n || closing.debt !== 0n || movements.some(({ line }) => line.startsWith('debt.')),
  );
