import { parseZonedTime, type ZonedTime } from '../../kernel/time.ts'
import { zonedOffset } from '../../travel/zoned-offset.ts'

/**
 * Reads a local time of a place whose time zone the message states beside it. Duffel's times state no offset; the zone
 * determines it. Without a usable zone the offset is null. Throws a RangeError when the text is no time.
 */
export function readTime(text: string, timeZone: string | null | undefined): ZonedTime {
  const time = parseZonedTime(text)
  if (time.offset !== null || !timeZone) return time
  try {
    return { local: time.local, offset: zonedOffset(timeZone, time.local) }
  } catch (error) {
    if (error instanceof RangeError) return time
    throw error
  }
}
