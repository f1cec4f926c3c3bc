import { isClockLearned, serverNowMs } from './clock.ts'

/** What an answer says about how old its prices are. */
export type PriceAge = {
  /** When the oldest was true, by the server's clock. */
  readonly checkedAt: string
  /** The seconds since then as the answer's Age header told them; null where there was no header. */
  readonly toldSeconds: number | null
  /** When the answer arrived, on this machine's monotonic clock. */
  readonly receivedAtMs: number
}

/** Reads the age of an answer that has just arrived. `headers` are null where the answer is an event of a stream. */
export function toPriceAge(checkedAt: string, headers: Headers | null): PriceAge {
  const told = Number.parseInt(headers?.get('age') ?? '', 10)
  return { checkedAt, toldSeconds: Number.isNaN(told) ? null : told, receivedAtMs: performance.now() }
}

/**
 * Seconds since the prices were checked, never by this machine's own clock: it counts on from what the server told, and
 * compares with the server's clock as far as that is known. Null while neither is.
 */
export function secondsSince(age: PriceAge): number | null {
  // A browser's cache hands out the header as it was stored, so that of two measures the older one is right.
  const byHeader = age.toldSeconds === null ? null : age.toldSeconds + (performance.now() - age.receivedAtMs) / 1000
  const byClock = isClockLearned() ? (serverNowMs() - Date.parse(age.checkedAt)) / 1000 : null
  if (byHeader === null && byClock === null) return null
  return Math.max(0, byHeader ?? 0, byClock ?? 0)
}
