import { CodeBlock } from '~/components/ui/code-block';
import { InlineCode, Sentence } from '~/components/ui/inline-code';
import { type ApiDocs, type WebhookDocs } from '~/modules/api/shared';
import { FieldTable } from './field-table';
import { Columns, Section } from './section';

/** What every message has, before each of them. */
export function WebhooksPart({ docs: { webhooks, start } }: { docs: ApiDocs }) {
  return (
    <Section id="webhooks" title="Webhooks">
      <Columns
        words={
          <>
            <p>
              Your product hears what happens to credits: a POST for each act, written in the same transaction
              as the act itself and tried again until it is heard, or its tries are over. Messages follow{' '}
              <a href="https://www.standardwebhooks.com" className="prose-link">
                Standard Webhooks
              </a>
              , so its libraries verify them. A message can come twice and out of order: keep its{' '}
              <InlineCode>webhook-id</InlineCode>, and go by <InlineCode>balance.seq</InlineCode>.
            </p>
            <FieldTable title="Header" label="Headers of every message" fields={webhooks.headers} />
            <dl className="grid gap-2 text-sm">
              {webhooks.answers.map(({ status, meaning }) => (
                <div key={status} className="flex gap-3">
                  <dt className="figures w-10 shrink-0 font-medium">{status}</dt>
                  <dd>
                    <Sentence text={meaning} />
                  </dd>
                </div>
              ))}
            </dl>
            {webhooks.parts.map(({ name, fields }) => (
              <FieldTable key={name} title={name} label={`Fields of ${name}`} fields={fields} />
            ))}
          </>
        }
        code={
          <>
            <CodeBlock title="Add an endpoint" code={start.endpoint} />
            <CodeBlock title="hear.ts" code={start.hear} />
          </>
        }
      />
    </Section>
  );
}

/** One kind of message that the product is sent. */
export function WebhookPart({ webhook }: { webhook: WebhookDocs }) {
  const { name, summary, fields, example } = webhook;
  const id = `webhook-${name}`;
  return (
    <section aria-labelledby={id} className="grid gap-4 border-t py-8">
      <h3 id={id} tabIndex={-1} className="scroll-mt-20 focus:outline-none font-mono text-base font-semibold">
        {name}
      </h3>
      <Columns
        words={
          <>
            <p>
              <Sentence text={summary} />
            </p>
            <FieldTable title="Data" label={`Data of ${name}`} fields={fields} />
          </>
        }
        code={<CodeBlock title="Message" label={`Message ${name}`} code={example} />}
      />
    </section>
  );
}
