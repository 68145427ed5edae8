import { CodeBlock } from '~/components/ui/code-block';
import { InlineCode, Sentence } from '~/components/ui/inline-code';
import { type WebhookDocs } from '~/modules/api/shared';
import { FieldTable } from './field-table';
import { Columns } from './section';

/** One kind of message that the product is sent. */
export function WebhookPart({ webhook }: { webhook: WebhookDocs }) {
  const { name, summary, paragraphs, fields, example } = webhook;
  const id = `webhook-${name}`;
  return (
    <section aria-labelledby={id} className="grid gap-4 border-t py-8">
      <h3 id={id} tabIndex={-1} className="scroll-mt-20 text-lg font-semibold">
        <InlineCode>{name}</InlineCode>
      </h3>
      <Columns
        words={
          <>
            {[summary, ...paragraphs].map((paragraph) => (
              <p key={paragraph}>
                <Sentence text={paragraph} />
              </p>
            ))}
            {fields.length === 0 ? null : (
              <FieldTable title="Field" label={`Message ${name}`} fields={fields} />
            )}
          </>
        }
        code={example === '' ? null : <CodeBlock title="Message" label={`Message ${name}`} code={example} />}
      />
    </section>
  );
}
