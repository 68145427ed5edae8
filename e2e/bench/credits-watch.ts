import type pg from 'pg';

/** Looks, without a pause beyond `gapMs`, which of the awaited customers can spend, and tells each once. */
export class CreditsWatch {
  /** Between two answers of the database: how exact a moment is. */
  readonly gaps: number[] = [];
  private readonly awaited = new Map<string, (at: number) => void>();
  private isStopped = false;
  private readonly ended: Promise<void>;

  constructor(
    private readonly client: pg.Client,
    private readonly gapMs: number,
  ) {
    this.ended = this.look();
  }

  /** When the customer's credits were first seen. */
  spendable(customerId: string): Promise<number> {
    return new Promise((resolve) => this.awaited.set(customerId, resolve));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.ended;
  }

  private async look(): Promise<void> {
    let before = performance.now();
    while (!this.isStopped) {
      await new Promise((resolve) => setTimeout(resolve, this.gapMs));
      if (this.awaited.size > 0) {
        const { rows } = await this.client.query<{ id: string }>({
          name: 'who can spend',
          text: `SELECT id FROM unnest($1::text[]) AS id CROSS JOIN LATERAL ledger_balance('test', id, clock_timestamp()) b WHERE b.available > 0`,
          values: [[...this.awaited.keys()]],
        });
        const at = performance.now();
        this.gaps.push(at - before);
        for (const { id } of rows) {
          this.awaited.get(id)?.(at);
          this.awaited.delete(id);
        }
      }
      before = performance.now();
    }
  }
}
