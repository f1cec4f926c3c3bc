let skewMs: number | null = null

/**
 * Learns the difference of this machine's clock to the server's from an answer's Date header. An answer on its way, or
 * out of the browser's cache, tells a time that has passed: the latest told is the nearest to the truth.
 */
export function learnClock(headers: Headers): void {
  const told = Date.parse(headers.get('date') ?? '')
  if (!Number.isNaN(told)) skewMs = Math.max(skewMs ?? Number.NEGATIVE_INFINITY, told - Date.now())
}

/** Whether the server has told its time yet. */
export function isClockLearned(): boolean {
  return skewMs !== null
}

/** The server's time in milliseconds, right to about a second however wrong this machine's clock is. */
export function serverNowMs(): number {
  return Date.now() + (skewMs ?? 0)
}
