import { plusMs, toDate } from '../../kernel/time.ts'
import type { WriteOutcome } from '../../providers/contract.ts'
import type { FlightOffer, Segment, Slice } from '../../travel/flight.ts'
import { isStay } from '../../travel/offer.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { probeDelayMs } from '../attempt.ts'
import { itemOf, ticketsNeeded, type Booking, type ItemFacts } from '../booking.ts'
import { announce } from '../events.ts'
import { liveTickets } from '../reservation-state.ts'
import { withBooking } from '../with-booking.ts'
import type { AnsweredChange, ChangeAnswer, ChangePart } from './change-set.ts'
import { SCHEDULE_CHANGE, soldFlight, type ScheduleChangeDeps } from './deps.ts'
import { askPerson } from './note-found.ts'

/** A call's own deadline and this much more, and its missing answer is looked for. */
const OVERDUE_MARGIN_MS = 10_000
const RESEND_AFTER_MS = 15_000
/** After so many times without reaching the supplier a person takes over. */
const SENDINGS_MAX = 6

/** What became of an acceptance: the parts that are accepted for certain, and the reservation where the whole is. */
export type Accepted = { readonly outcome: WriteOutcome<Reservation>; readonly parts: readonly ChangePart[] }

/**
 * Tells the supplier that the change is accepted, once: by whoever takes the noted answer. Whatever goes wrong on the way
 * back leaves it unknown, to be asked about and never sent again (semantics S4). Does nothing for an answer that is none to send.
 */
export async function carryOutAnswer(deps: ScheduleChangeDeps, bookingId: string, changeId: string): Promise<void> {
  const booking = await deps.store.findBooking(deps.db, bookingId)
  const change = (await deps.changes.listChanges(deps.db, bookingId)).find((one) => one.id === changeId)
  if (!booking || change?.answer?.action !== 'accept' || change.answer.state !== 'noted') return
  const sold = await soldFlight(deps, booking, change.itemId)
  if (!sold) return
  const now = deps.clock.now()
  const calls = change.parts.length
  const answer = await deps.changes.takeAnswer(deps.db, change.answer.id, {
    nextStepAt: plusMs(now, calls * sold.writeTimeoutMs + OVERDUE_MARGIN_MS),
    horizonAt: plusMs(now, sold.horizonMs),
  })
  if (!answer) return
  const accepted: ChangePart[] = []
  let outcome: WriteOutcome<Reservation> = { outcome: 'rejected', reason: 'not_allowed', code: 'nothing', message: 'nothing to accept' }
  for (const part of change.parts) {
    outcome = await accept(sold, part)
    if (outcome.outcome !== 'ok') break
    accepted.push(part)
  }
  await endAnswer(deps, { change, answer, accepted: { outcome, parts: accepted } })
}

async function accept(sold: NonNullable<Awaited<ReturnType<typeof soldFlight>>>, part: ChangePart): Promise<WriteOutcome<Reservation>> {
  const { seller, supplierRef, write } = sold
  if (!seller.acceptAirlineChange || part.supplierChangeId === null)
    return { outcome: 'rejected', reason: 'not_allowed', code: 'no-acceptance', message: 'the supplier takes no acceptance' }
  try {
    return await seller.acceptAirlineChange(supplierRef, part.supplierChangeId, write())
  } catch (error) {
    return { outcome: 'unknown', cause: 'unrecognised', message: error instanceof Error ? error.message : String(error) }
  }
}

export type EndedAnswer = { readonly change: AnsweredChange; readonly answer: ChangeAnswer; readonly accepted: Accepted }

/** Stores what became of an acceptance, in one transaction, unless it was decided before. */
export async function endAnswer(deps: ScheduleChangeDeps, { change, answer, accepted }: EndedAnswer): Promise<void> {
  const now = deps.clock.now()
  const { outcome, parts } = accepted
  const { id: changeId, itemId, seq } = change
  await withBooking(deps, change.bookingId, async (tx, booking, write) => {
    if (!(await deps.changes.updateAnswer(tx, answer.id, toOutcome(answer, outcome, now)))) return
    const facts = factsAfter(booking, change, accepted)
    if (parts.length > 0) await write.note(itemId, facts)
    if (outcome.outcome === 'ok') {
      await deps.records.closeWorkItem(tx, SCHEDULE_CHANGE, changeId, toDate(now))
      await announce(deps, tx, 'booking.schedule_change_accepted', booking.id, { changeId, itemId, seq })
    }
    if (outcome.outcome === 'rejected' && !isToBeResent(answer, outcome)) {
      await askPerson(deps, tx, booking, change)
      // What is open now may be something else than what was answered.
      await deps.changes.setNextLook(tx, itemId, now)
      await announce(deps, tx, 'booking.schedule_change_not_accepted', booking.id, { changeId, itemId, seq })
    }
  })
}

function isToBeResent(answer: ChangeAnswer, outcome: WriteOutcome<Reservation>): boolean {
  return outcome.outcome === 'rejected' && outcome.reason === 'not_sent' && answer.sendings < SENDINGS_MAX
}

function toOutcome(answer: ChangeAnswer, outcome: WriteOutcome<Reservation>, now: AnsweredChange['foundAt']) {
  const { probes } = answer
  if (outcome.outcome === 'ok') return { state: 'ok', reason: null, probes, nextStepAt: null, endedAt: now } as const
  if (outcome.outcome === 'unknown')
    return { state: 'unknown', reason: outcome.cause, probes, nextStepAt: plusMs(now, probeDelayMs(probes)), endedAt: null } as const
  if (isToBeResent(answer, outcome))
    return { state: 'noted', reason: outcome.reason, probes, nextStepAt: plusMs(now, RESEND_AFTER_MS), endedAt: null } as const
  return { state: 'rejected', reason: outcome.reason, probes, nextStepAt: null, endedAt: now } as const
}

/** The item with its new flights. Its document is of the old ones and is issued anew. */
function factsAfter(booking: Booking, change: AnsweredChange, { outcome, parts }: Accepted): ItemFacts {
  const item = itemOf(booking, change.itemId)
  if (isStay(item.offer)) return {}
  const facts = { offer: withNewFlights(item.offer, parts) }
  if (outcome.outcome !== 'ok') return facts
  const tickets = liveTickets(outcome.value)
  const isComplete = tickets.length >= ticketsNeeded(booking, item.offer)
  return { ...facts, documentKey: null, pnr: outcome.value.pnr, ...(isComplete && { tickets }) }
}

/** The offer with the slices that came in place of those that went; what a slice is not said to have is as it was bought. */
export function withNewFlights(offer: FlightOffer, parts: readonly ChangePart[]): FlightOffer {
  let { slices } = offer
  for (const { removed, added } of parts) {
    if (removed.length !== added.length) continue
    slices = slices.map((slice) => {
      const index = removed.findIndex((one) => isSameSlice(one, slice))
      return index < 0 ? slice : asBought(added[index]!, slice)
    })
  }
  return { ...offer, slices }
}

function isSameSlice(one: Slice, other: Slice): boolean {
  const flown = ({ segments }: Slice): string =>
    segments.map((s) => `${s.carrier}${s.flightNumber} ${s.origin}${s.destination} ${s.departure.local}`).join('+')
  return flown(one) === flown(other)
}

function asBought(slice: Slice, before: Slice): Slice {
  return {
    ...slice,
    segments: slice.segments.map((segment, index) => withTerms(segment, before.segments[index] ?? before.segments.at(-1)!)),
  }
}

function withTerms(segment: Segment, before: Segment): Segment {
  return {
    ...segment,
    cabin: segment.cabin ?? before.cabin,
    bookingClass: segment.bookingClass ?? before.bookingClass,
    fareBasis: segment.fareBasis ?? before.fareBasis,
    brand: segment.brand ?? before.brand,
    baggage: segment.baggage.length > 0 ? segment.baggage : before.baggage,
  }
}
