/** Text may hold anything and is made safe; numbers are written as they are, a minus included. */
export type CsvCell = string | number | bigint | { decimal: `${number}` } | null | undefined;

/** A spreadsheet takes text that begins like this for a formula; the quote before it makes it text again. */
const FORMULA = /^[=+\-@\t\r]/;

function write(cell: CsvCell): string {
  if (typeof cell === 'object' && cell !== null) return cell.decimal;
  if (typeof cell !== 'string') return cell?.toString() ?? '';
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of RFC 4180, ended. */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(write).join(',')}\r\n`;
