import { Fragment } from 'react';
import { InlineCode, Sentence } from '~/components/ui/inline-code';
import { type ProblemDocs } from '~/modules/api/shared';
import { AnchorLink } from './anchor-link';

/** Every refusal; its row is where the `type` of the problem leads. */
export function ProblemTable({ problems }: { problems: readonly ProblemDocs[] }) {
  return (
    <table aria-label="Problems" className="w-full table-fixed border-separate border-spacing-0 text-sm">
      <thead>
        <tr className="text-left text-xs text-text-muted">
          <th scope="col" className="w-2/5 border-b px-2 pb-1 font-medium md:w-64">
            Code and status
          </th>
          <th scope="col" className="border-b px-2 pb-1 font-medium">
            Meaning, and fields of its own
          </th>
        </tr>
      </thead>
      <tbody>
        {problems.map(({ code, status, title, meaning, extras }) => (
          <tr
            key={code}
            id={code}
            tabIndex={-1}
            className="group scroll-mt-20 align-top target:bg-accent-soft focus:bg-accent-soft"
          >
            <th scope="row" className="border-b px-2 py-3 text-left font-normal">
              <AnchorLink
                id={code}
                className="rounded font-mono text-xs font-medium [overflow-wrap:anywhere] hover:text-accent-text"
              >
                <Breakable code={code} />
              </AnchorLink>
              <span className="figures block text-xs text-text-muted">{status}</span>
            </th>
            <td className="border-b px-2 py-3">
              <p className="font-medium">{title}</p>
              <p>
                <Sentence text={meaning} />
              </p>
              {extras.length === 0 ? null : (
                <ul className="mt-2 grid gap-1 text-xs">
                  {extras.map((field) => (
                    <li key={field.name}>
                      <InlineCode>{field.name}</InlineCode>{' '}
                      <span className="text-text-muted group-focus:text-text group-target:text-text">
                        {field.type}.
                      </span>{' '}
                      <Sentence text={field.meaning} />
                      {field.words.length < 2 ? null : ` One of ${field.words.join(', ')}.`}
                    </li>
                  ))}
                </ul>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** On a phone a long code breaks behind its underscores. */
function Breakable({ code }: { code: string }) {
  return code.split('_').map((word, n) => (
    <Fragment key={word}>
      {n === 0 ? null : (
        <>
          _<wbr />
        </>
      )}
      {word}
    </Fragment>
  ));
}
