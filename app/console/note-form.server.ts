import * as z from 'zod/mini';

const NOTE_MAX = 4000;

/** The id is made with the form: sent twice it is one note. */
export const noteForm = z.object({
  noteId: z.string().check(z.regex(/^not_[0-9a-f]{32}$/)),
  text: z
    .string({ error: 'Write something.' })
    .check(
      z.trim(),
      z.minLength(1, 'Write something.'),
      z.maxLength(NOTE_MAX, 'Use at most 4,000 characters.'),
    ),
});
