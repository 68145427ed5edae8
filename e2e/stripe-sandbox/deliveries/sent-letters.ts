/** What left for an endpoint, to the byte. */
interface SentLetter {
  /** 1 is the first. */
  attempt: number;
  headers: Record<string, string>;
  body: string;
}

const MOST_KEPT = 500;

/** The letters of late, for whoever wants to see what was sent. They end with the process. */
export class SentLetters {
  private readonly kept = new Map<string, SentLetter[]>();
  private count = 0;

  note(deliveryId: string, letter: SentLetter): void {
    this.kept.set(deliveryId, [...(this.kept.get(deliveryId) ?? []), letter]);
    this.count += 1;
    for (const [oldest, letters] of this.kept) {
      if (this.count <= MOST_KEPT) return;
      this.kept.delete(oldest);
      this.count -= letters.length;
    }
  }

  of(deliveryId: string): readonly SentLetter[] {
    return this.kept.get(deliveryId) ?? [];
  }
}
