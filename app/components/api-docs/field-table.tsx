import { InlineCode, Sentence } from '~/components/ui/inline-code';
import { type FieldDocs } from '~/modules/api/shared';
import { AnchorLink } from './anchor-link';

export interface FieldTableProps {
  /** Names the table, and is the head of its first column: "Body". */
  title: string;
  /** What the table is of, for screen readers: "Body of Spend credits". */
  label: string;
  fields: readonly FieldDocs[];
  /** Says of each field whether it has to be sent. */
  isAsked?: boolean | undefined;
}

export function FieldTable({ title, label, fields, isAsked = false }: FieldTableProps) {
  return (
    <table aria-label={label} className="w-full table-fixed border-separate border-spacing-0 text-sm">
      <thead>
        <tr className="text-left text-xs text-text-muted">
          <th scope="col" className="w-2/5 border-b pb-1 pl-0 font-medium">
            {title}
          </th>
          <th scope="col" className="border-b pb-1 font-medium">
            Meaning
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.name} className="align-top">
            <th scope="row" className="border-b py-2 pl-0 pr-3 text-left font-normal">
              <code className="font-mono text-xs font-medium [overflow-wrap:anywhere]">{field.name}</code>
              <span className="text-xs text-text-muted">
                {' '}
                {field.type}
                {isAsked ? `, ${field.isRequired ? 'required' : 'optional'}` : ''}
              </span>
            </th>
            <td className="border-b py-2">
              <Meaning field={field} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Meaning({ field: { meaning, words, seeAnchor } }: { field: FieldDocs }) {
  const [word, ...others] = words;
  return (
    <>
      <Sentence text={meaning} />
      {word === undefined ? null : others.length === 0 ? (
        <>
          {' '}
          Always <InlineCode>{word}</InlineCode>.
        </>
      ) : (
        <span className="mt-1 flex flex-wrap gap-1">
          {words.map((one) => (
            <InlineCode key={one}>{one}</InlineCode>
          ))}
        </span>
      )}
      {seeAnchor === null ? null : (
        <>
          {' '}
          <AnchorLink id={seeAnchor} className="prose-link">
            Its fields
          </AnchorLink>
        </>
      )}
    </>
  );
}
