import { randomBytes } from 'node:crypto';

/** What an act came to, in a sentence for the page that it leads to. */
export interface ActResult {
  text: string;
  tone: 'ok' | 'bad';
  /** Where it leads; the page that its button stood on if left out. */
  to?: string;
}

const MOST_KEPT = 200;
const kept = new Map<string, ActResult>();

/** Keeps the sentence in this process and gives the name to ask for it by. */
export function keepFlash(result: ActResult): string {
  const name = randomBytes(9).toString('base64url');
  kept.set(name, result);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return name;
}

/** The sentence of an act; a name from a bookmark or another process has none. */
export function findFlash(name: string | null): ActResult | undefined {
  return name === null ? undefined : kept.get(name);
}
