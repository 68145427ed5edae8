import * as z from 'zod';

import { safeRedirect } from '~/modules/auth/index.server';
import { emailSchema, nameSchema } from '~/modules/auth/shared';
import { createStoreLink } from '~/modules/handoff/index.server';
import { assertNever } from '~/platform/assert-never';

import { findCustomer, named } from '../customers.server';
import { writeOperation } from '../operation.server';
import { keyReused } from '../refusals.server';
import { answer, problem } from '../reply.server';
import { storeLinkAnswer } from '../answer-schemas.server';
import { customerRef } from '../request-schemas.server';

const LONGEST = 2000;

export const createStoreLinkOperation = writeOperation({
  id: 'createStoreLink',
  path: '/customers/{id}/store-links',
  summary: 'Sign your user into the store',
  description:
    'A link that opens the store as this very customer, without a password: once, within two minutes. The store leads back to `return_url`.',
  scope: 'store_links:write',
  params: z.strictObject({ id: customerRef }),
  body: z
    .strictObject({
      return_url: z.string().max(LONGEST, `At most ${LONGEST} characters.`).meta({
        description:
          'Where the store leads them back to. Its origin is one that your client may send people to.',
        example: 'https://app.example.com/billing',
      }),
      path: z
        .string()
        .max(LONGEST, `At most ${LONGEST} characters.`)
        .refine((text) => safeRedirect(text, '') !== '', 'Name a page of the store, such as /plan.')
        .optional()
        .meta({
          description: 'The page of the store that they land on; its front page when left out.',
          example: '/plan',
        }),
      email: z.optional(emailSchema).meta({
        description: 'For receipts and notices. Kept unless the customer has a log-in of their own.',
        example: 'robin@example.com',
      }),
      name: z.optional(nameSchema).meta({ description: 'As the store greets them.', example: 'Robin' }),
    })
    .meta({ id: 'NewStoreLink' }),
  answer: storeLinkAnswer,
  refusals: ['not_found', 'wrong_book', 'return_not_allowed', 'key_rotated'],
  run: async ({ db, client, bearer, params, body, act, now, appUrl, storeBook }) => {
    const customer = await findCustomer(db, params.id);
    if (customer.outcome === 'problem') return customer;
    const { book, clientId, returnOrigins } = client;
    const made = await createStoreLink(db, {
      ...{ clientId, bearer, book, storeBook, returnOrigins, appUrl, now },
      customerId: customer.customerId,
      key: act.idempotencyKey,
      returnUrl: body.return_url,
      path: body.path,
      email: body.email,
      name: body.name,
    });
    switch (made.outcome) {
      case 'created':
      case 'replayed': {
        const { linkId: id, url, expiresAt } = made;
        const link = { id, book, ...named(customer), url, return_url: body.return_url };
        return answer(
          { object: 'store_link' as const, ...link, expires_at: expiresAt.toISOString() },
          made.outcome === 'replayed',
        );
      }
      case 'key_reused':
        return keyReused();
      case 'key_rotated':
        return problem('key_rotated', 'This link was made with a former API key of this client.');
      case 'return_not_allowed':
        return problem(
          'return_not_allowed',
          'The origin of return_url is none that this client may send people to.',
        );
      case 'other_book':
        return problem('wrong_book', `This store does not sell in the ${book} book.`);
      default:
        return assertNever(made);
    }
  },
});
