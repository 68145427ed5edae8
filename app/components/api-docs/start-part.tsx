import { CodeBlock } from '~/components/ui/code-block';
import { InlineCode } from '~/components/ui/inline-code';
import { type ApiDocs } from '~/modules/api/shared';
import { Columns, Section } from './section';

const MAKE_KEY = 'npm run -s credence -- api-key create --book test --name "web backend"';

/** From nothing to the first spend. */
export function StartPart({ docs, isDemo }: { docs: ApiDocs; isDemo: boolean }) {
  const { baseUrl, start } = docs;
  return (
    <Section id="start" title="Start">
      <Columns
        words={
          <>
            <p>
              Every path below stands under <InlineCode>{baseUrl}</InlineCode>. Requests carry the key of your
              program as <InlineCode>Authorization: Bearer ck_…</InlineCode>; bodies and answers are JSON.
            </p>
            {isDemo ? (
              <p>
                This is a demo, and its key is no secret: copy the two commands and they work. A real
                installation makes a key for each program:
              </p>
            ) : (
              <p>Who runs this installation makes a key for each program, and sees it once:</p>
            )}
            <CodeBlock title="Make a key" code={MAKE_KEY} />
          </>
        }
        code={
          <>
            <CodeBlock title="The key" code={start.key} />
            <CodeBlock title="What can this customer spend?" code={start.curl} />
          </>
        }
      />
      <Columns
        words={
          <p>
            Answers, problems and paths are typed by{' '}
            <a href={`${baseUrl}/openapi.json`} className="prose-link">
              openapi.json
            </a>{' '}
            (OpenAPI 3.1), which this page is made of as well. In TypeScript, write the types to a file and
            give them to <InlineCode>openapi-fetch</InlineCode>; the examples below use this{' '}
            <InlineCode>credence</InlineCode>.
          </p>
        }
        code={
          <>
            <CodeBlock title="Types" code={start.types} />
            <CodeBlock title="credence.ts" code={start.client} />
          </>
        }
      />
      <Columns
        words={
          <p>
            Then spend. The key of the request comes from the work that is paid for, so that a retry, a second
            worker or a double click pays once. Decide by <InlineCode>code</InlineCode>: it never changes its
            meaning, and each code has fields of its own.
          </p>
        }
        code={<CodeBlock title="pay-for-job.ts" code={start.spend} />}
      />
    </Section>
  );
}
