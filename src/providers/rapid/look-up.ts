import type { Reservation } from '../../travel/reservation.ts'
import type { Call, FindReply, StayOrder } from '../contract.ts'
import { read, type Deps } from './call.ts'
import { itineraryIdOf, toReservation } from './from-wire-itinerary.ts'
import { readItineraries, readItinerary } from './read-reply.ts'
import { isReference, toItineraryPath, toItinerarySearchPath } from './to-wire.ts'
import { newSession, parseRef, parseToken, type ItineraryRef } from './token.ts'
import type { WireItinerary } from './wire.ts'

/** The itinerary as it stands. Throws ProviderError. */
export async function retrieve(deps: Deps, supplierRef: string, call: Call): Promise<Reservation> {
  const ref = parseRef(supplierRef)
  return toReservation(await retrieveWire(deps, ref, call), ref)
}

/** The same in their words, with the links that change it. Throws ProviderError. */
export async function retrieveWire(deps: Deps, ref: ItineraryRef, call: Call): Promise<WireItinerary> {
  const link = 'retrieve' in ref ? ref.retrieve : toItineraryPath(ref.itinerary, ref.email)
  return readItinerary(await read(deps, { link, session: ref.session, timeoutMs: deps.settings.limits.readTimeoutMs }, call))
}

/**
 * Looks for an itinerary by our reference and the e-mail address it was booked with. Of several, the active one: that
 * is the one that somebody has to answer for. Throws ProviderError.
 */
export async function find(deps: Deps, order: StayOrder, call: Call): Promise<FindReply> {
  // What Rapid does not take as a reference was never booked under it.
  if (!isReference(order.reference)) return { outcome: 'absent' }
  const session = parseToken(order.offer).session ?? newSession()
  const { readTimeoutMs: timeoutMs } = deps.settings.limits
  const reply = await read(deps, { link: toItinerarySearchPath(order), session, timeoutMs }, call)
  const found = readItineraries(reply)
    .filter(({ affiliate_reference_id: reference }) => !reference || reference === order.reference)
    .map((wire) => toReservation(wire, { itinerary: itineraryIdOf(wire), session, email: order.contact.email }))
  const reservation = found.find(({ status }) => status === 'active') ?? found.find(({ status }) => status === 'unknown') ?? found[0]
  return reservation ? { outcome: 'found', reservation } : { outcome: 'absent' }
}
