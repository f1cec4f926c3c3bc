/** Milliseconds since 1970-01-01T00:00:00Z. A moment, the same everywhere. */
export type Instant = number & { readonly brand: 'Instant' }

/** A calendar date "2026-12-01", at no place in particular. */
export type LocalDate = string & { readonly brand: 'LocalDate' }

/** What a clock on the wall shows: "2026-12-01T18:35". Meaningless without the place it hangs at. */
export type LocalDateTime = string & { readonly brand: 'LocalDateTime' }

/** A wall-clock time together with the offset from UTC its source stated, "+07:00"; null when the source gave none. */
export type ZonedTime = { readonly local: LocalDateTime; readonly offset: string | null }

/** The only source of the present. Handed to whoever needs it, so that a test can stop it. */
export type Clock = { readonly now: () => Instant }

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() as Instant }

/** A clock that stands still until it is moved; for tests. */
export function createStoppedClock(start: string): Clock & { advance: (ms: number) => void } {
  let current = parseInstant(start)
  return {
    now: () => current,
    advance: (ms) => {
      current = (current + ms) as Instant
    },
  }
}

/** An instant from epoch milliseconds; throws a RangeError unless it is a whole, finite number. */
export function instant(epochMs: number): Instant {
  if (!Number.isSafeInteger(epochMs)) throw new RangeError(`${epochMs} is not an instant in milliseconds`)
  return epochMs as Instant
}

/** Reads an RFC 3339 time that states its offset; throws a RangeError for anything else. */
export function parseInstant(text: string): Instant {
  const epochMs = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(epochMs)) throw new RangeError(`"${text}" is not a time with an offset, such as 2026-12-01T18:35:00Z`)
  return epochMs as Instant
}

/** The instant as RFC 3339 in UTC with milliseconds. */
export function toIso(at: Instant): string {
  return new Date(at).toISOString()
}

/** The instant as a native Date, for drivers that ask for one. */
export function toDate(at: Instant): Date {
  return new Date(at)
}

/** The instant a driver's Date stands for. */
export function fromDate(date: Date): Instant {
  return instant(date.getTime())
}

/** The instant `ms` later (or earlier when negative). */
export function plusMs(at: Instant, ms: number): Instant {
  return instant(at + ms)
}

/** True when `text` is a date that exists: "2026-02-29" is not. */
export function isLocalDate(text: string): text is LocalDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const epochMs = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(text)
}

/** Accepts "YYYY-MM-DD"; throws a RangeError for a date that does not exist. */
export function parseLocalDate(text: string): LocalDate {
  if (!isLocalDate(text)) throw new RangeError(`"${text}" is not a date such as 2026-12-01`)
  return text
}

/** The date at UTC of an instant. */
export function utcDate(at: Instant): LocalDate {
  return toIso(at).slice(0, 10) as LocalDate
}

/** The date `days` later (or earlier when negative). */
export function plusDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10) as LocalDate
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

const ZONED = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/

/** Reads a supplier's time to the minute and keeps the offset that the message itself states, "Z" being "+00:00". */
export function parseZonedTime(text: string): ZonedTime {
  const match = ZONED.exec(text)
  if (!match?.[1]) throw new RangeError(`"${text}" is not a local time such as 2026-12-01T18:35:00.000+07:00`)
  const stated = match[2]
  const offset =
    stated === undefined ? null : stated === 'Z' ? '+00:00' : stated.includes(':') ? stated : `${stated.slice(0, 3)}:${stated.slice(3)}`
  return { local: match[1] as LocalDateTime, offset }
}

/** The minute of the day a wall clock shows, 0–1439. */
export function minuteOfDay(local: LocalDateTime): number {
  return Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16))
}

/** The instant of a wall-clock time at a stated offset. */
export function instantOf(time: { local: LocalDateTime; offset: string }): Instant {
  return parseInstant(`${time.local}:00${time.offset}`)
}
