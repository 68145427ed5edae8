const LOOK_AGAIN_MS = 100;

/** Looks until there is something to see. */
export async function waitFor<T>(
  look: () => Promise<T | undefined>,
  options: { withinMs: number; what: () => string },
): Promise<T> {
  const deadline = Date.now() + options.withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`Waited ${options.withinMs / 1000} s for ${options.what()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
