import { createHash } from 'node:crypto'
import { instantOf, plusMs, type Instant, type LocalDate, type ZonedTime } from '../../kernel/time.ts'
import type { AirlineChange } from '../../providers/contract.ts'
import type { Segment, Slice } from '../../travel/flight.ts'
import { findPlace, zonedOffset } from '../../travel/places.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { addedSlices, removedSlices, type ChangeAction, type ChangePart, type ChangeSet } from './change-set.ts'

/** From when on which change is asked about, and how long: data, dated, of `booking.schedule_change_rules`. */
export type ScheduleRules = {
  readonly validFrom: LocalDate
  readonly departureMovedMinutes: number
  readonly arrivalMovedMinutes: number
  readonly asksAboutOtherAirport: boolean
  readonly asksAboutMoreStops: boolean
  readonly asksAboutOtherCarrier: boolean
  readonly answerWithinHours: number
  readonly answerBeforeDepartureHours: number
}

/** What a look at the supplier found: all that is changed and not answered. */
export type Found = {
  readonly parts: readonly ChangePart[]
  readonly actions: readonly ChangeAction[]
  readonly answerBy: Instant | null
}

/** The airline's open changes as one; null when there are none. What can be done is what can be done about each of them. */
export function foundInChanges(changes: readonly AirlineChange[]): Found | null {
  if (changes.length === 0) return null
  const actions: ChangeAction[] = []
  if (changes.every((change) => change.mayAccept)) actions.push('accept')
  // One that may be refunded for free lets go of the whole ticket.
  if (changes.some((change) => change.mayRefund)) actions.push('refund')
  const stated = changes.flatMap((change) => change.answerBy ?? [])
  return {
    parts: changes.map(({ id, removed, added }) => ({ supplierChangeId: id, removed, added })),
    actions,
    answerBy: stated.length === 0 ? null : (Math.min(...stated) as Instant),
  }
}

/**
 * What a reservation shows that was ticketed in full: the slices with flights that the airline no longer holds, or all of
 * them; null when it is as it was sold. Its supplier does not say what may be done, but flights that are all cancelled are
 * owed back whoever sold them.
 */
export function foundInReservation(reservation: Reservation, slices: readonly Slice[]): Found | null {
  const isLost = (segment: Segment): boolean => {
    const held = reservation.segments.filter((one) => one.carrier === segment.carrier && one.flightNumber === segment.flightNumber)
    return held.length > 0 && held.every((one) => one.status !== 'confirmed')
  }
  const isGone =
    reservation.status === 'cancelled' ||
    (reservation.segments.length > 0 && reservation.segments.every((segment) => segment.status === 'cancelled'))
  const removed = isGone ? slices : slices.filter((slice) => slice.segments.some(isLost))
  if (removed.length === 0) return null
  return { parts: [{ supplierChangeId: null, removed, added: [] }], actions: isGone ? ['refund'] : [], answerBy: null }
}

/** The same changes have the same fingerprint, in whatever order they are told. */
export function fingerprintOf({ parts }: Pick<Found, 'parts'>): string {
  const texts = parts.map((part) => JSON.stringify([part.supplierChangeId, part.removed.map(flownOf), part.added.map(flownOf)]))
  return createHash('sha256').update(texts.toSorted().join('\n')).digest('hex')
}

function flownOf(slice: Slice): string {
  return slice.segments
    .map((s) => [s.carrier, s.flightNumber, s.origin, s.departure.local, s.destination, s.arrival.local].join(' '))
    .join('+')
}

export type Judged = Pick<ChangeSet, 'kind' | 'isMaterial' | 'parts' | 'actions' | 'respondBy' | 'defaultAction'> & {
  readonly rulesValidFrom: LocalDate
}

/** What a found change means to the traveller, by the rules of the day. Pure. */
export function judgeChange(rules: ScheduleRules, found: Found, context: { slices: readonly Slice[]; now: Instant }): Judged {
  const [removed, added] = [removedSlices(found), addedSlices(found)]
  const kind = added.length === 0 && removed.length >= context.slices.length ? 'cancelled' : 'changed'
  const isMaterial = removed.length !== added.length || removed.some((slice, index) => isMaterialChange(rules, slice, added[index]!))
  const { actions } = found
  const isAnswerable = actions.length > 0
  const defaultAction = isMaterial ? 'ask_person' : actions.includes('accept') ? 'accept' : 'none'
  return {
    kind,
    isMaterial,
    parts: found.parts,
    actions,
    respondBy: isAnswerable ? respondBy(rules, found, context) : null,
    defaultAction,
    rulesValidFrom: rules.validFrom,
  }
}

function isMaterialChange(rules: ScheduleRules, before: Slice, after: Slice): boolean {
  const [first, last] = [before.segments[0]!, before.segments.at(-1)!]
  const [newFirst, newLast] = [after.segments[0]!, after.segments.at(-1)!]
  const isElsewhere = first.origin !== newFirst.origin || last.destination !== newLast.destination
  if (isElsewhere) return rules.asksAboutOtherAirport
  if (movedMinutes(first.departure, newFirst.departure) >= rules.departureMovedMinutes) return true
  if (movedMinutes(last.arrival, newLast.arrival) >= rules.arrivalMovedMinutes) return true
  if (rules.asksAboutMoreStops && after.segments.length > before.segments.length) return true
  const carriers = new Set(before.segments.map((segment) => segment.carrier))
  return rules.asksAboutOtherCarrier && after.segments.some((segment) => !carriers.has(segment.carrier))
}

/** By how much a time at one and the same airport has moved, either way. */
function movedMinutes(before: ZonedTime, after: ZonedTime): number {
  return Math.abs(wallInstant(after) - wallInstant(before)) / 60_000
}

function wallInstant({ local }: ZonedTime): Instant {
  return instantOf({ local, offset: '+00:00' })
}

const HOUR_MS = 3_600_000
/** Nobody is asked something for less than this, unless the airline itself says so. */
const ANSWER_HOURS_MIN = 2

function respondBy(rules: ScheduleRules, found: Found, { slices, now }: { slices: readonly Slice[]; now: Instant }): Instant {
  if (found.answerBy !== null) return found.answerBy
  const departure = departureOf(slices)
  const within = plusMs(now, rules.answerWithinHours * HOUR_MS)
  const before = departure === null ? within : plusMs(departure, -rules.answerBeforeDepartureHours * HOUR_MS)
  return Math.max(plusMs(now, ANSWER_HOURS_MIN * HOUR_MS), Math.min(within, before)) as Instant
}

/** When the journey begins; null where the place's clock is not known. */
export function departureOf(slices: readonly Slice[]): Instant | null {
  const first = slices[0]?.segments[0]
  return first ? instantAt(first.departure, first.origin) : null
}

/** When the last flight leaves; null where the place's clock is not known. */
export function lastDepartureOf(slices: readonly Slice[]): Instant | null {
  const last = slices.at(-1)?.segments.at(-1)
  return last ? instantAt(last.departure, last.origin) : null
}

function instantAt(time: ZonedTime, code: string): Instant | null {
  const zone = time.offset === null ? findPlace(code)?.timeZone : undefined
  const offset = time.offset ?? (zone === undefined ? null : zonedOffset(zone, time.local))
  return offset === null ? null : instantOf({ local: time.local, offset })
}
