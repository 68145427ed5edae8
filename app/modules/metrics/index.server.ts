/** What Prometheus scrapes: facts of the whole installation, read from the database and kept for some seconds, and those of the process that is asked. */
export { answerScrape } from './answer-scrape.server';
export { scrapeResponse, serveMetrics } from './serve-metrics.server';
export { readHealth } from './read-health.server';
