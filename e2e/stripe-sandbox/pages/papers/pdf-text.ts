/** What WinAnsiEncoding has at 0x80 to 0x9f; a space stands where it has nothing. */
const MOVED = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

/** The widths of Helvetica's signs from 0x20 to 0x7e, in thousandths of the size. */
const WIDTHS =
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
    .split(' ')
    .map(Number);
const DEFAULT_WIDTH = 556;

/** The sign's byte; undefined: the standard fonts cannot show it. */
function byteOf(sign: string): number | undefined {
  const code = sign.codePointAt(0) ?? 0;
  if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff)) return code;
  const moved = sign === ' ' ? -1 : MOVED.indexOf(sign);
  return moved === -1 ? undefined : 0x80 + moved;
}

/** Text in the signs of the standard fonts: without accents they lack, and `?` for letters of other scripts. */
export function fitted(text: string): string {
  const plain = text.replace(/\s/g, ' ').replaceAll('\u2212', '–');
  return [...plain]
    .map((sign) => (byteOf(sign) === undefined ? sign.normalize('NFKD').replace(/\p{M}/gu, '') : sign))
    .join('')
    .replace(/./gsu, (sign) => (byteOf(sign) === undefined ? '?' : sign));
}

export function canShow(text: string): boolean {
  return !fitted(text).includes('?');
}

/** A PDF string in ASCII: other bytes are written in octal, so the file is the same in every encoding. */
export function pdfString(text: string): string {
  const signs = [...fitted(text)].map((sign) => {
    const byte = byteOf(sign) ?? 0x3f;
    if (byte > 0x7e) return `\\${byte.toString(8)}`;
    return /[()\\]/.test(sign) ? `\\${sign}` : sign;
  });
  return `(${signs.join('')})`;
}

/** How wide Helvetica sets the text, in points. */
export function widthOf(text: string, size: number): number {
  const bases = [...fitted(text)].map((sign) => sign.normalize('NFKD').charCodeAt(0));
  const units = bases.reduce((sum, code) => sum + (WIDTHS[code - 0x20] ?? DEFAULT_WIDTH), 0);
  return (units * size) / 1000;
}

/** Lines no wider than `width`; a word that is wider by itself is cut. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (piece: string): void => {
    if (line !== '' && widthOf(line + piece, size) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else {
      line += piece;
    }
  };
  for (const word of text.split(/(?<=\s)/)) {
    if (widthOf(word, size) <= width) add(word);
    else for (const sign of word) add(sign);
  }
  return [...lines, line.trimEnd()];
}
