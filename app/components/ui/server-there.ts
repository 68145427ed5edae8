/** Whether the server answers at this moment: a page that asks again by itself never turns into an error page. */
export async function isServerThere(signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch('/healthz', { cache: 'no-store', signal });
    return answer.ok && !signal.aborted;
  } catch {
    return false;
  }
}
