import { pdfString, widthOf } from './pdf-text';

/** Something on the sheet; `y` counts points from the top. Right-aligned text ends at `x`. */
export type Mark =
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly font: 'regular' | 'bold';
      readonly tone: 'ink' | 'muted';
      readonly align: 'left' | 'right';
    }
  | { readonly kind: 'rule'; readonly x: number; readonly y: number; readonly width: number };

export interface Sheet {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

/** A PDF 1.4 file with one page in the standard fonts. All of it is ASCII, so characters are bytes. */
export function writePdf({ title, width, height, marks }: Sheet): string {
  const content = marks.map((mark) => operators(mark, height)).join('\n');
  const font = (name: string): string =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (en) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 6 0 R ` +
      '/Resources << /Font << /regular 4 0 R /bold 5 0 R >> >> >>',
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    `<< /Title ${pdfString(title)} >>`,
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  const size = objects.length + 1;
  return (
    `${file}xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}` +
    `trailer\n<< /Size ${size} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  );
}

function operators(mark: Mark, height: number): string {
  const y = point(height - mark.y);
  if (mark.kind === 'rule') return `0.85 G 0.75 w ${mark.x} ${y} m ${point(mark.x + mark.width)} ${y} l S`;
  const x = mark.align === 'left' ? mark.x : mark.x - widthOf(mark.text, mark.size);
  const gray = mark.tone === 'ink' ? 0.1 : 0.4;
  return `BT /${mark.font} ${mark.size} Tf ${gray} g ${point(x)} ${y} Td ${pdfString(mark.text)} Tj ET`;
}

function point(value: number): string {
  return value.toFixed(2);
}
