import { instant, parseInstant, type Clock } from '../../src/kernel/time.ts'
import { TODAY } from './data-set.ts'

/** How far the bench's day lies from the machine's; told to every process, so that all of them agree to the millisecond. */
export function benchOffsetMs(): number {
  return parseInstant(TODAY) - Date.now()
}

/** A clock that runs as the machine's does, on the bench's day. */
export function createBenchClock(offsetMs: number): Clock {
  return { now: () => instant(Date.now() + offsetMs) }
}
