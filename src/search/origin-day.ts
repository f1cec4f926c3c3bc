import { Temporal } from 'temporal-polyfill'
import { parseLocalDate, type Clock, type LocalDate } from '../kernel/time.ts'

/** The date on the calendar at a place with this IANA time zone. */
export function todayIn(timeZone: string, clock: Clock): LocalDate {
  return parseLocalDate(Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(timeZone).toPlainDate().toString())
}
