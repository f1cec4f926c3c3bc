import { instantOf, type LocalDateTime } from '../kernel/time.ts'
import { findPlace } from './place-table.ts'
import { zonedOffset } from './zoned-offset.ts'

/** A wall-clock time at an airport, "2026-12-01T18:35". */
export type AirportTime = { airport: string; local: string }

/** Minutes that really pass between two wall-clock times at two airports; undefined when we do not know one of them. */
export function durationMinutes(from: AirportTime, to: AirportTime): number | undefined {
  const start = toInstant(from)
  const end = toInstant(to)
  return start === undefined || end === undefined ? undefined : Math.round((end - start) / 60_000)
}

function toInstant(time: AirportTime): number | undefined {
  const place = findPlace(time.airport)
  if (!place) return undefined
  const local = time.local.slice(0, 16) as LocalDateTime
  return instantOf({ local, offset: zonedOffset(place.timeZone, local) })
}
