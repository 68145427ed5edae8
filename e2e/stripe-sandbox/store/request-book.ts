/** One API request and its answer. */
export interface NotedRequest {
  id: string;
  /** Unix milliseconds. */
  atMs: number;
  durationMs: number;
  method: string;
  path: string;
  query: string;
  body: string;
  idempotencyKey: string | null;
  version: string;
  userAgent: string | null;
  status: number;
  answer: string;
  isReplay: boolean;
  /** The connection was cut instead of answering. */
  isLost: boolean;
}

const MOST_KEPT = 1000;
const KEPT_TEXT_LENGTH = 20_000;

/** The API requests of late, for whoever looks at them. They end with the process. */
export class RequestBook {
  private readonly kept = new Map<string, NotedRequest>();

  note(request: NotedRequest): void {
    const { answer, body } = request;
    this.kept.set(request.id, {
      ...request,
      answer: answer.slice(0, KEPT_TEXT_LENGTH),
      body: body.slice(0, KEPT_TEXT_LENGTH),
    });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) return;
      this.kept.delete(oldest);
    }
  }

  get(id: string): NotedRequest | undefined {
    return this.kept.get(id);
  }

  newestFirst(): NotedRequest[] {
    return [...this.kept.values()].reverse();
  }
}
