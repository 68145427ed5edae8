/** What stands where words were taken out. */
export const REDACTED = '[redacted]';

/** Whether a text holds any of these words, whatever their case. */
export function mentions(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.some((word) => lower.includes(word.toLowerCase()));
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The same JSON, in which no text or key holds any of these words. */
export function withoutMentions(value: Json, words: readonly string[]): Json {
  if (typeof value === 'string') return mentions(value, words) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((one) => withoutMentions(one, words));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      mentions(key, words) ? REDACTED : key,
      withoutMentions(one, words),
    ]),
  );
}
