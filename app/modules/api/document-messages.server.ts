import * as z from 'zod';
import { type ZodOpenApiPathsObject } from 'zod-openapi';

import { MESSAGES, messageTypeSchema } from '~/modules/outbox/index.server';
import { type MessageType } from '~/modules/outbox/shared';

const inPascalCase = (type: string) =>
  type.replace(/(^|[._])([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

const headers = z.object({
  'webhook-id': z.string().meta({
    description: 'The message. It is the same each time that it comes: a message comes at least once.',
    example: 'msg_0199f3c2a7b87d5e8f00a1b2c3d4e5f6',
  }),
  'webhook-timestamp': z.string().meta({
    description: 'When it was sent: seconds since 1970. Refuse what is older than five minutes.',
    example: '1794852000',
  }),
  'webhook-signature': z.string().meta({
    description:
      'Signatures of `id.timestamp.body` by each secret in force, separated by spaces, as Standard Webhooks has it. Verify it with their library.',
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  }),
});

/** What the product is told, by type, as the `webhooks` of an OpenAPI document. */
export function documentMessages(): ZodOpenApiPathsObject {
  return Object.fromEntries(messageTypeSchema.options.map((type) => [type, { post: messageOf(type) }]));
}

function messageOf(type: MessageType) {
  const { description = '' } = MESSAGES[type];
  const schema = z
    .strictObject({
      type: z.literal(type),
      timestamp: z.iso
        .datetime()
        .meta({ description: 'When it happened.', example: '2026-11-21T18:00:00.000Z' }),
      data: MESSAGES[type],
    })
    .meta({ id: `${inPascalCase(type)}Message`, description });
  return {
    operationId: `hear${inPascalCase(type)}`,
    summary: description,
    security: [],
    requestParams: { header: headers },
    requestBody: { content: { 'application/json': { schema } } },
    responses: {
      '2XX': {
        description:
          'Heard. Anything else, or nothing within 15 seconds, is tried again for more than a day.',
      },
      '410': { description: 'Nobody listens here any more: the endpoint is disabled.' },
    },
  };
}
