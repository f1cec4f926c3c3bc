import type { Slice } from '../../travel/flight.ts'
import type { SeatMap } from '../../travel/seat-map.ts'
import type { AirlineChange, ExchangeQuote, ServiceOffer, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { DUFFEL, findErrors, toReadError } from './faults.ts'
import { readSlice, toAirlineChange, toExchangeQuote } from './from-wire-change.ts'
import { toSeatMaps, type FlownSegment } from './from-wire-seat-map.ts'
import { toServiceOffers } from './from-wire-service.ts'
import { isSuccess, orMalformed, readWriteFailure, type Reply } from './read-reply.ts'
import {
  wireAirlineChangeReply,
  wireAirlineChangesReply,
  wireChangeRequestReply,
  wireChangeTerms,
  wireOrderChangeReply,
  wireOrderSlicesReply,
  type WireAirlineChange,
  type WireOrderChange,
} from './wire-change.ts'
import { wireSeatMap, wireSeatMapsReply } from './wire-seat-map.ts'
import { wireOfferServicesReply } from './wire-service.ts'

/** Reads seat maps; none is an answer, since not every airline has them. Throws ProviderError. */
export function readSeatMaps(reply: Reply, segments: readonly FlownSegment[] | null = null): readonly SeatMap[] {
  if (!isSuccess(reply) || !wireSeatMapsReply.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  const { data } = reply.body
  if (data.length > 0 && !data.some((map) => wireSeatMap.Check(map)))
    throw new ProviderError(DUFFEL, 'malformed', `none of the ${data.length} seat maps could be read`)
  return toSeatMaps(data, segments)
}

/** What an offer that was asked for with its services says about the flights, and about what is sold beside them. */
export type OfferDetails = { readonly segments: readonly FlownSegment[]; readonly services: readonly ServiceOffer[] }

/** Reads an offer for its flights and services. Throws ProviderError. */
export function readOfferDetails(reply: Reply): OfferDetails {
  if (!isSuccess(reply) || !wireOfferServicesReply.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  const { passengers, slices, available_services: services } = reply.body.data
  const segments = slices.flatMap((slice) =>
    slice.segments.map((segment) => ({ id: segment.id, equipment: segment.aircraft?.iata_code ?? null })),
  )
  return {
    segments,
    services: toServiceOffers(services ?? [], {
      passengerIds: passengers.map((passenger) => passenger.id),
      segmentIds: segments.map((segment) => segment.id),
    }),
  }
}

/** An order's slices as they are, each with the id by which it is exchanged. Throws ProviderError. */
export function readOrderSlices(reply: Reply): readonly { readonly id: string; readonly slice: Slice }[] {
  if (!isSuccess(reply) || !wireOrderSlicesReply.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  const { slices } = reply.body.data
  return orMalformed(() => slices.map((slice) => ({ id: slice.id, slice: readSlice(slice) })))
}

/**
 * Reads the offers to change an order. `journey` makes the whole journey of what an offer adds; a message by itself only
 * tells what is added. An offer that cannot be read is left out. Throws ProviderError.
 */
export function readChangeOffers(
  reply: Reply,
  journey: (added: readonly Slice[]) => readonly Slice[] = (added) => added,
): readonly ExchangeQuote[] {
  if (!isSuccess(reply) || !wireChangeRequestReply.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  const { order_id: orderId, order_change_offers: offers } = reply.body.data
  const quotes = toExchangeQuotes(offers, orderId, journey)
  if (offers.length > 0 && quotes.length === 0)
    throw new ProviderError(DUFFEL, 'malformed', `none of the ${offers.length} offers to change the order could be read`)
  return quotes
}

/** The offers among these values that can be read. */
export function toExchangeQuotes(
  offers: readonly unknown[],
  orderId: string,
  journey: (added: readonly Slice[]) => readonly Slice[] = (added) => added,
): readonly ExchangeQuote[] {
  return offers.flatMap((offer): ExchangeQuote[] => {
    if (!wireChangeTerms.Check(offer)) return []
    try {
      return [toExchangeQuote(offer, orderId, journey((offer.slices.add ?? []).map(readSlice)))]
    } catch (error) {
      if (error instanceof RangeError) return []
      throw error
    }
  })
}

/** Reads a change of an order: pending when it has just been made, and the deed once `confirmed_at` is set. */
export function readOrderChange(reply: Reply): WriteOutcome<WireOrderChange> {
  if (reply.status === 202 || !isSuccess(reply) || !wireOrderChangeReply.Check(reply.body)) return readWriteFailure(reply)
  return { outcome: 'ok', value: reply.body.data }
}

/**
 * Reads what the airline has changed about an order and nobody has answered. One that cannot be read is not left out, for
 * a change that is not seen is missed: the whole message is then malformed. Throws ProviderError.
 */
export function readAirlineChanges(reply: Reply): readonly AirlineChange[] {
  if (!isSuccess(reply) || !wireAirlineChangesReply.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  const { data } = reply.body
  return orMalformed(() => data.filter((change) => !change.action_taken).map(toAirlineChange))
}

/** Reads what became of accepting an airline's change; its flights are not looked at, the order has them. */
export function readAcceptance(reply: Reply): WriteOutcome<WireAirlineChange> {
  if (reply.status === 202 || !isSuccess(reply) || !wireAirlineChangeReply.Check(reply.body)) return readWriteFailure(reply)
  return { outcome: 'ok', value: reply.body.data }
}
