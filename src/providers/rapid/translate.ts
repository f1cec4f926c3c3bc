import { toMoneyText, type MoneyText } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { MessageKind, Translation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { findTotal } from './amounts.ts'
import { findInstant } from './cancellation.ts'
import { RAPID, findErrors, unknown } from './faults.ts'
import { isCancelled, itineraryIdOf, toRefund, toReservation } from './from-wire-itinerary.ts'
import { orMalformed, readBooking, readPriceCheck, readRoomCancellation, readShop, toReply, type Reply } from './read-reply.ts'
import { wireItineraries, wireItinerary, type WireItinerary } from './wire.ts'

/**
 * Reads one message of Rapid's without calling it. An error reply to a write becomes its outcome; to a read it is thrown
 * as the ProviderError that the read would have thrown. Throws ProviderError('malformed') for what is not Rapid's.
 */
export function translate(kind: MessageKind, message: string): Translation {
  const reply = toReply(null, message)
  switch (kind) {
    case 'shop':
    case 'stay-shop':
    case 'availability':
      return { kind: 'stays', ...readShop(reply, null) }
    case 'price':
      return describePriceCheck(reply)
    case 'book':
      return { kind: 'reservation', result: orThrow(toOutcome(reply)) }
    case 'retrieve':
      return describeItineraries(reply)
    case 'cancel':
      return describeCancellation(reply)
    case 'ticket':
    case 'void':
    case 'refund':
    case 'exchange':
    case 'seat-map':
    case 'fare-rules':
      throw new ProviderError(RAPID, 'malformed', `Expedia Rapid sells stays: it has no message about "${kind}"`)
  }
}

/** A price check names neither the property nor the room: what it says is its status and the prices by occupancy. */
function describePriceCheck(reply: Reply): Translation {
  const wire = readPriceCheck(reply)
  const totals: Record<string, MoneyText> = {}
  for (const [occupancy, { totals: stated }] of Object.entries(wire.occupancy_pricing ?? {})) {
    const total = orMalformed(() => findTotal([stated.inclusive]))
    if (total) totals[occupancy] = toMoneyText(total)
  }
  const amounts = Object.entries({ refund: wire.refund, amountOwed: wire.amount_owed, penalty: wire.penalty }).flatMap(([name, charge]) => {
    const amount = orMalformed(() => findTotal([charge]))
    return amount ? [[name, amount] as const] : []
  })
  const links = Object.entries(wire.links ?? {})
  const expiresAt = links.map(([, { expires }]) => findInstant(expires)).find((at) => at !== null) ?? null
  return {
    kind: 'note',
    message: `price check: ${wire.status}`,
    facts: { status: wire.status, occupancyTotals: totals, ...Object.fromEntries(amounts), links: links.map(([name]) => name), expiresAt },
  }
}

function describeItineraries(reply: Reply): Translation {
  if (!Array.isArray(reply.body)) return { kind: 'reservation', result: orThrow(toOutcome(reply)) }
  if (!wireItineraries.Check(reply.body)) throw new ProviderError(RAPID, 'malformed', 'the list is not one of itineraries')
  const found = reply.body.map(asReservation)
  const value = found.find(({ status }) => status === 'active') ?? found[0]
  if (!value) return { kind: 'note', message: 'there is no itinerary', facts: { itineraries: 0 } }
  return { kind: 'reservation', result: { outcome: 'ok', value } }
}

function toOutcome(reply: Reply): WriteOutcome<Reservation> {
  const booked = readBooking(reply)
  if (booked.outcome !== 'ok') return booked
  const reservation = asReservation(booked.value)
  const isCreation = (booked.value.rooms ?? []).length === 0 && booked.value.links?.['retrieve'] && !booked.value.links['resume']
  return { outcome: 'ok', value: isCreation ? { ...reservation, status: 'active' } : reservation }
}

/** Cancelling is answered without a body; what a message can show is an error, or the itinerary afterwards. */
function describeCancellation(reply: Reply): Translation {
  if (wireItinerary.Check(reply.body) && !findErrors(reply.body)) {
    const rooms = reply.body.rooms ?? []
    const pnr = itineraryIdOf(reply.body)
    const isDone = rooms.length > 0 && rooms.every(isCancelled)
    return isDone
      ? { kind: 'cancellation', pnr, result: { outcome: 'ok', value: { refund: toRefund(reply.body) } } }
      : { kind: 'cancellation', pnr, result: unknown('pending', 'not every room is cancelled') }
  }
  const result = readRoomCancellation(reply)
  if (result.outcome === 'ok') return { kind: 'cancellation', pnr: null, result: { outcome: 'ok', value: { refund: null } } }
  return { kind: 'cancellation', pnr: null, result: orThrow(result) }
}

function asReservation(wire: WireItinerary): Reservation {
  const itinerary = itineraryIdOf(wire)
  const retrieve = wire.links?.['retrieve']?.href
  return toReservation(wire, { itinerary, session: '', ...(retrieve ? { retrieve } : { email: wire.email ?? '' }) })
}

/** A message given to us by hand that is nobody's is an error of whoever gave it, not an unknown outcome. */
function orThrow<T>(result: WriteOutcome<T>): WriteOutcome<T> {
  if (result.outcome === 'unknown' && result.cause === 'malformed') throw new ProviderError(RAPID, 'malformed', result.message)
  return result
}
