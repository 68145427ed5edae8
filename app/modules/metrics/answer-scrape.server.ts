import { createHash, timingSafeEqual } from 'node:crypto';

import { type Db } from '~/platform/db.server';

import { renderMetrics } from './render.server';

export interface ScrapeRules {
  /** What a scraper must show; without one nobody outside this machine is answered. */
  token: string | undefined;
  mode: 'demo' | 'production' | 'test';
}

export interface Scrape {
  /** The Authorization header. */
  authorization: string | null;
  /** Where the request came from. */
  address: string;
}

export type ScrapeOutcome =
  | { outcome: 'answered'; text: string }
  /** 401: another token, or none. */
  | { outcome: 'refused' }
  /** 404: as if there were no such page. */
  | { outcome: 'hidden' };

const LOOPBACK = new Set(['127.0.0.1', '::1']);

/**
 * Answers a scraper. With a token only it opens; without one the metrics are hidden in production, and in demo and test mode
 * they are for this very machine.
 */
export async function answerScrape(db: Db, scrape: Scrape, rules: ScrapeRules): Promise<ScrapeOutcome> {
  const { token, mode } = rules;
  if (token === undefined && (mode === 'production' || !LOOPBACK.has(scrape.address)))
    return { outcome: 'hidden' };
  if (token !== undefined && !isSame(scrape.authorization ?? '', `Bearer ${token}`))
    return { outcome: 'refused' };
  return { outcome: 'answered', text: await renderMetrics(db) };
}

/** Takes as long whatever differs. */
const isSame = (a: string, b: string) => timingSafeEqual(hash(a), hash(b));
const hash = (text: string) => createHash('sha256').update(text).digest();
