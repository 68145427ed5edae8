import { type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useMemo } from 'react';
import { BasicsPart } from '~/components/api-docs/basics-part';
import { Contents, ContentsDisclosure, contentsOf } from '~/components/api-docs/contents';
import { OperationPart } from '~/components/api-docs/operation-part';
import { ProblemTable } from '~/components/api-docs/problem-table';
import { Section } from '~/components/api-docs/section';
import { StartPart } from '~/components/api-docs/start-part';
import { WebhookPart, WebhooksPart } from '~/components/api-docs/webhook-part';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { BareShell } from '~/components/shell/bare-shell';
import { DocsShell } from '~/components/shell/docs-shell';
import { InlineCode } from '~/components/ui/inline-code';
import { apiDocs } from '~/modules/api/index.server';
import { DEMO_API_KEY } from '~/modules/clients/shared';
import { env } from '~/platform/env.server';

/** Open to anyone: what the API is says nothing of who uses it. */
export function loader() {
  const { APP_URL, CREDENCE_MODE, API_REQUESTS_PER_MINUTE } = env();
  const isDemo = CREDENCE_MODE === 'demo';
  return {
    docs: apiDocs(APP_URL, isDemo ? DEMO_API_KEY : null),
    isDemo,
    requestsPerMinute: API_REQUESTS_PER_MINUTE,
  };
}

export default function ApiDocsPage() {
  const { docs, isDemo, requestsPerMinute } = useLoaderData<typeof loader>();
  const groups = useMemo(() => contentsOf(docs), [docs]);
  return (
    <DocsShell
      title="API"
      links={
        <a href={`${docs.baseUrl}/openapi.json`} className="prose-link">
          openapi.json
        </a>
      }
      contents={<Contents groups={groups} />}
      disclosure={<ContentsDisclosure groups={groups} />}
    >
      <header className="grid gap-3 pb-8">
        <h1 className="text-3xl font-semibold">The API of your product</h1>
        <p className="max-w-3xl text-lg text-text-muted">{docs.lead}</p>
      </header>
      <StartPart docs={docs} isDemo={isDemo} />
      <BasicsPart requestsPerMinute={requestsPerMinute} />
      <Section id="operations" title="Operations">
        <p className="max-w-3xl">
          What the API does, in the order in which a product comes to need it. An operation lists every
          problem that it can answer.
        </p>
      </Section>
      {docs.operations.map((operation) => (
        <OperationPart key={operation.id} operation={operation} />
      ))}
      <WebhooksPart docs={docs} />
      {docs.webhooks.messages.map((webhook) => (
        <WebhookPart key={webhook.name} webhook={webhook} />
      ))}
      <Section id="problems" title="Problems">
        <p className="max-w-3xl">
          A refusal is <InlineCode>application/problem+json</InlineCode> (RFC 9457) with{' '}
          <InlineCode>type</InlineCode>, <InlineCode>title</InlineCode>, <InlineCode>status</InlineCode>,{' '}
          <InlineCode>code</InlineCode>, <InlineCode>detail</InlineCode> and{' '}
          <InlineCode>request_id</InlineCode>; some codes add fields. <InlineCode>type</InlineCode> is the
          address of its row here. A refused request has written nothing, but for the customer that an id of
          yours names for the first time.
        </p>
        <ProblemTable problems={docs.problems} />
      </Section>
    </DocsShell>
  );
}

export const meta: MetaFunction = () => [
  { title: 'API · Credence' },
  { name: 'description', content: 'How a product spends the credits that its customers bought.' },
];

export function ErrorBoundary() {
  return (
    <BareShell>
      <RouteErrorBoundary />
    </BareShell>
  );
}
