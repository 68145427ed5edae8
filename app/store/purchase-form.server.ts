import * as z from 'zod/mini';

/** The order of one pack: which, and under which id it is sent again. */
export const purchaseForm = z.object({
  pack: z.string().check(z.regex(/^[\w-]{1,64}$/)),
  order: z.optional(z.string().check(z.regex(/^pay_[0-9a-f]{32}$/))),
  // A page from before prices had a choice names none.
  currency: z.optional(z.string().check(z.regex(/^[a-z]{3}$/))),
});
