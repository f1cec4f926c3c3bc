import { Temporal } from 'temporal-polyfill'

/** An offset from UTC as the messages of the trade write it, "+07:00". */
export type Offset = string

/**
 * The offset from UTC that a wall clock in the zone has at a local time ("2026-12-01T18:35"), daylight saving included. A time that the
 * clock skips is read with the offset before the change, one that it shows twice as the earlier of the two (Temporal's "compatible").
 * Throws a RangeError for an unknown zone or an impossible time.
 */
export function zonedOffset(timeZone: string, localDateTime: string): Offset {
  const month = `${timeZone} ${localDateTime.slice(0, 7)}`
  const steady = steadyMonths.get(month)
  if (steady && IN_A_MONTH.test(localDateTime)) return steady
  const local = Temporal.PlainDateTime.from(localDateTime)
  if (steady === undefined) rememberMonth(month, timeZone, local.toPlainDate().toPlainYearMonth())
  return local.toZonedDateTime(timeZone).offset
}

// A day that every month has, so that the short cut never accepts an impossible date.
const IN_A_MONTH = /^\d{4}-\d{2}-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/

// Asking Temporal costs tens of microseconds and a search asks a thousand times for a handful of days. A month in which
// the clock does not change has one answer; null stands for a month in which it does. Bounded, because dates come from clients.
const steadyMonths = new Map<string, Offset | null>()
const STEADY_MONTHS_MAX = 10_000

function rememberMonth(key: string, timeZone: string, month: Temporal.PlainYearMonth): void {
  const first = month.toPlainDate({ day: 1 })
  // No zone has ever changed its clock twice within a week, so weekly samples see every change.
  const offsets = [0, 7, 14, 21, 28, month.daysInMonth].map((days) => first.add({ days }).toZonedDateTime({ timeZone }).offset)
  if (steadyMonths.size >= STEADY_MONTHS_MAX) steadyMonths.clear()
  steadyMonths.set(key, offsets.every((offset) => offset === offsets[0]) ? offsets[0]! : null)
}
