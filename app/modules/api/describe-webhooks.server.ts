import { type WebhookDocs, type WebhooksDocs } from './docs-view';
import { describeField, listFields, type Naming } from './list-fields.server';
import { makeExample } from './make-example.server';
import { nameOf, type OperationNode, resolved } from './read-document.server';

/** Where the parts that several messages have are told. */
const ANCHOR = 'webhooks';

/** The messages of a document, each a POST to the product with `type`, `timestamp` and `data`. */
export function describeWebhooks(naming: Naming): WebhooksDocs {
  const { document } = naming;
  const sent = Object.entries(document.webhooks).flatMap(([name, { post }]) =>
    post ? [{ name, post }] : [],
  );
  const names = sent.flatMap(({ post }) =>
    Object.values(resolved(dataOf(post, naming), document).properties ?? {}).flatMap(
      (one) => nameOf(one) ?? [],
    ),
  );
  const parts = [...new Set(names)].map((name) => ({
    name,
    fields: listFields({ $ref: `#/components/schemas/${name}` }, naming),
  }));
  const tellers = new Map([...naming.tellers, ...parts.map(({ name }) => [name, ANCHOR] as const)]);
  const first = sent[0]?.post;
  return {
    headers: (first?.parameters ?? []).map(({ name, schema, required }) =>
      describeField(name, schema, required, naming),
    ),
    answers: Object.entries(first?.responses ?? {})
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([status, { description }]) => ({
        status,
        meaning: description,
      })),
    parts,
    messages: sent.map(({ name, post }) => describeMessage(name, post, { document, tellers })),
  };
}

function describeMessage(name: string, post: OperationNode, naming: Naming): WebhookDocs {
  return {
    name,
    summary: post.summary,
    fields: listFields(dataOf(post, naming), naming),
    example: JSON.stringify(makeExample(bodyOf(post), naming.document), null, 2),
  };
}

const bodyOf = ({ requestBody }: OperationNode) => requestBody?.content['application/json']?.schema ?? {};

const dataOf = (post: OperationNode, { document }: Naming) =>
  resolved(bodyOf(post), document).properties?.['data'] ?? {};
