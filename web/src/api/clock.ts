let skewMs = 0

/** Learns the difference of this machine's clock to the server's from an answer's Date header. */
export function learnClock(headers: Headers): void {
  const told = Date.parse(headers.get('date') ?? '')
  if (!Number.isNaN(told)) skewMs = told - Date.now()
}

/** The server's time in milliseconds, right to about a second however wrong this machine's clock is. */
export function serverNowMs(): number {
  return Date.now() + skewMs
}
