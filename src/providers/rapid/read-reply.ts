import { toMoneyText } from '../../kernel/money.ts'
import type { StayOffer, StayQuery } from '../../travel/stay.ts'
import type { StayPriceReply, StayShopReply, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { toPrice, type StayPrice } from './amounts.ts'
import { findInstant, toCancellation } from './cancellation.ts'
import { findErrors, findGone, RAPID, toReadError, toWriteFailure, unknown, type WriteFailure } from './faults.ts'
import { toRemarks, toShopReply } from './from-wire-rates.ts'
import { findForRoom } from './occupancy.ts'
import { toOfferId, type OfferToken } from './token.ts'
import { wireAvailability, wireItineraries, wireItinerary, wirePriceCheck, type WireItinerary, type WirePriceCheck } from './wire.ts'

/** A whole reply: its status, null for a message that came without one, and its body, undefined when it was not JSON. */
export type Reply = {
  readonly status: number | null
  readonly body: unknown
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** The reply's text as a {@link Reply}. JSON.parse keeps to the byte cap of the transport and recurses nowhere. */
export function toReply(status: number | null, text: string, headers: Reply['headers'] = {}): Reply {
  try {
    return { status, body: JSON.parse(text) as unknown, headers }
  } catch {
    return { status, body: undefined, headers }
  }
}

/** Reads available rooms; an empty list says that there are none. Throws ProviderError. */
export function readShop(reply: Reply, query: StayQuery | null): StayShopReply {
  if (!isSuccess(reply) || !wireAvailability.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  return toShopReply(reply.body, query)
}

/** Reads a price check of an offer; its token becomes that of the offer that can be booked. Throws ProviderError. */
export function readPrice(reply: Reply, offer: StayOffer, token: OfferToken): StayPriceReply {
  const errors = findErrors(reply.body)
  const gone = errors && findGone(errors)
  if (gone) return { outcome: 'gone', ...gone }
  const wire = readPriceCheck(reply)
  if (wire.status === 'sold_out') return { outcome: 'gone', code: 'sold_out', message: 'the rate is sold out' }
  const book = wire.links?.['book']
  if (!book) {
    throw wire.links?.['payment_session']
      ? new ProviderError(RAPID, 'refused', 'the rate wants the payment to be registered first', { code: 'payment_session' })
      : new ProviderError(RAPID, 'malformed', 'the price check has no link to book with')
  }
  const price = orMalformed(() => priceOf(wire, offer))
  const { checkIn, checkOut, rooms } = offer
  return {
    outcome: 'priced',
    offer: {
      ...offer,
      id: toOfferId([offer.property, rooms, offer.ratePlan, checkIn, checkOut, token.priceCheck, book.href, toMoneyText(price.total)]),
      total: price.total,
      charges: price.charges,
      ...toCancellation(token.terms, price, { checkIn, checkOut, rooms: rooms.length }),
      remarks: [...new Set([...offer.remarks, ...orMalformed(() => toRemarks(wire)), ...traderRemarks(wire)])],
      expiresAt: findInstant(book.expires),
      supplierToken: JSON.stringify({ ...token, book: book.href } satisfies OfferToken),
    },
  }
}

const STATUSES = new Set(['available', 'matched', 'price_changed', 'sold_out'])

/** Reads a price check for what it says, whatever it is the check of. Throws ProviderError. */
export function readPriceCheck(reply: Reply): WirePriceCheck {
  if (!isSuccess(reply) || !wirePriceCheck.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  if (!STATUSES.has(reply.body.status))
    throw new ProviderError(RAPID, 'malformed', `the price check says "${reply.body.status.slice(0, 40)}"`)
  return reply.body
}

function priceOf(wire: WirePriceCheck, { rooms }: StayOffer): StayPrice {
  const pricing = rooms.flatMap(({ occupancy }) => findForRoom(wire.occupancy_pricing ?? {}, occupancy) ?? [])
  if (pricing.length < rooms.length) throw new RangeError('the price check does not price every room')
  return toPrice(pricing)
}

/** What the law of the guest's market wants to be said. */
function traderRemarks({ trader_information: information }: WirePriceCheck): string[] {
  const terms = information?.terms_and_conditions
  return [
    ...(information?.traders ?? []).flatMap(({ right_to_withdraw_message: message }) =>
      message ? [message.replace(/\s+/g, ' ').trim()] : [],
    ),
    ...(terms ? [`Terms and conditions: ${terms}`] : []),
  ]
}

/** Reads an itinerary that was asked for. Throws ProviderError. */
export function readItinerary(reply: Reply): WireItinerary {
  if (!isSuccess(reply) || !wireItinerary.Check(reply.body)) throw toReadError(findErrors(reply.body), reply.status)
  return reply.body
}

/** Reads the itineraries under a reference; there may be none. Throws ProviderError. */
export function readItineraries(reply: Reply): readonly WireItinerary[] {
  const errors = findErrors(reply.body)
  if (errors?.every(({ type }) => type === 'resource_not_found') && reply.status === 404) return []
  if (!isSuccess(reply) || !wireItineraries.Check(reply.body)) throw toReadError(errors, reply.status)
  return reply.body
}

/** Reads what became of a booking. One that waits for a payment to be completed is not made yet. */
export function readBooking(reply: Reply): WriteOutcome<WireItinerary> {
  if (!isSuccess(reply) || !wireItinerary.Check(reply.body)) return readWriteFailure(reply)
  if (reply.body.links?.['complete_payment_session'])
    return unknown('pending', `itinerary ${reply.body.itinerary_id} waits for its payment to be completed`)
  return { outcome: 'ok', value: reply.body }
}

/** Reads what became of cancelling one room: 204 is done, 202 is "look later", and a room cancelled before is done too. */
export function readRoomCancellation(reply: Reply): WriteOutcome<null> {
  if (reply.status === 204) return { outcome: 'ok', value: null }
  if (reply.status === 202) return unknown('pending', 'Expedia Rapid has accepted the cancellation and not yet carried it out')
  const errors = findErrors(reply.body)
  const isDone = errors?.every(({ type }) => type === 'room_already_cancelled') && (reply.status === null || reply.status === 400)
  return isDone ? { outcome: 'ok', value: null } : readWriteFailure(reply)
}

/** What a reply to a write that is not the thing itself proves. */
export function readWriteFailure(reply: Reply): WriteFailure {
  const errors = findErrors(reply.body)
  if (errors) return toWriteFailure(errors, reply.status)
  const said = reply.status === null ? '' : ` with status ${reply.status}`
  if (reply.status !== null && reply.status >= 500) return unknown('server_error', `Expedia Rapid answered${said}`)
  return unknown('malformed', `Expedia Rapid answered${said && `${said} and`} something that is not its API's`)
}

/** 206 is a success whose `impacted_fields` could not be told. */
function isSuccess({ status }: Reply): boolean {
  return status === null || (status >= 200 && status < 300)
}

export function orMalformed<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw new ProviderError(RAPID, 'malformed', error.message, { cause: error })
    throw error
  }
}
