import * as z from 'zod/mini';

/** A hidden field that carries JSON: what a dialog saw, in the shape that its door takes. */
export const jsonField = z.pipe(
  z.string(),
  z.transform((text: string, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.issues.push({ code: 'custom', message: 'Not readable.', input: text });
      return undefined;
    }
  }),
);
