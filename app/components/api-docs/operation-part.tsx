import { classes } from '~/components/ui/classes';
import { CodeBlock } from '~/components/ui/code-block';
import { Sentence } from '~/components/ui/inline-code';
import { TONE_SOFT, type Tone } from '~/components/ui/tone';
import { type OperationDocs } from '~/modules/api/shared';
import { AnchorLink } from './anchor-link';
import { FieldTable } from './field-table';
import { Columns } from './section';

const TONE: Record<OperationDocs['method'], Tone> = { GET: 'info', POST: 'ok' };

export function OperationPart({ operation }: { operation: OperationDocs }) {
  const { id, method, path, summary, paragraphs, request, answer } = operation;
  return (
    <section aria-labelledby={id} className="grid gap-4 border-t py-8">
      <header className="grid gap-2">
        <h3 id={id} tabIndex={-1} className="scroll-mt-20 focus:outline-none text-lg font-semibold">
          {summary}
        </h3>
        <p className="flex flex-wrap items-center gap-2 font-mono text-sm">
          <span
            className={classes('rounded border px-2 text-xs font-medium leading-5', TONE_SOFT[TONE[method]])}
          >
            {method}
          </span>
          <span className="[overflow-wrap:anywhere]">/api/v1{path}</span>
        </p>
      </header>
      <Columns
        words={
          <>
            {paragraphs.map((paragraph) => (
              <p key={paragraph}>
                <Sentence text={paragraph} />
              </p>
            ))}
            {request.map(({ place, fields }) => (
              <FieldTable
                key={place}
                title={place}
                label={`${place} of ${summary}`}
                fields={fields}
                isAsked
              />
            ))}
            <div className="grid gap-2 pt-2">
              <p className="text-sm font-medium">Answer {answer.status}</p>
              {answer.meaning === '' ? null : (
                <p className="text-sm">
                  <Sentence text={answer.meaning} />
                </p>
              )}
              <FieldTable title="Field" label={`Answer of ${summary}`} fields={answer.fields} />
            </div>
            <Problems operation={operation} />
          </>
        }
        code={
          <>
            <CodeBlock title="curl" label={`curl of ${summary}`} code={operation.curl} />
            <CodeBlock title="TypeScript" label={`TypeScript of ${summary}`} code={operation.typescript} />
            <CodeBlock
              title={`Answer ${answer.status}`}
              label={`Answer of ${summary}`}
              code={answer.example}
            />
          </>
        }
      />
    </section>
  );
}

function Problems({ operation: { summary, problems } }: { operation: OperationDocs }) {
  return (
    <div className="grid gap-2 pt-2">
      <p className="text-sm font-medium">Problems</p>
      <ul aria-label={`Problems of ${summary}`} className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {problems.map(({ code, status, title }) => (
          <li key={code}>
            <AnchorLink id={code} title={title} className="font-mono text-xs">
              <span className="figures text-text-muted">{status}</span>{' '}
              <span className="prose-link">{code}</span>
            </AnchorLink>
          </li>
        ))}
      </ul>
    </div>
  );
}
