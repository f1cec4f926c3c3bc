import { Temporal } from 'temporal-polyfill'
import { instant, parseLocalDate, type Clock, type Instant, type LocalDate } from '../../kernel/time.ts'

/** A date as long as the calendar at a place shows it: from its midnight to the next. */
export type DayThere = { readonly date: LocalDate; readonly from: Instant; readonly until: Instant }

/** The date on the calendar at a place with this IANA time zone. */
export function todayIn(timeZone: string, clock: Clock): LocalDate {
  return dayIn(timeZone, clock).date
}

/** The present day at a place with this IANA time zone; throws a RangeError for a zone that does not exist. */
export function dayIn(timeZone: string, clock: Clock): DayThere {
  const now = clock.now()
  const known = days.get(timeZone)
  if (known !== undefined && known.from <= now && now < known.until) return known
  const midnight = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).startOfDay()
  const day = {
    date: parseLocalDate(midnight.toPlainDate().toString()),
    from: instant(midnight.epochMilliseconds),
    until: instant(midnight.add({ days: 1 }).startOfDay().epochMilliseconds),
  }
  days.set(timeZone, day)
  return day
}

// Asking Temporal costs tens of microseconds; a zone has one present day, and there are some four hundred zones.
const days = new Map<string, DayThere>()
