import type { FlightQuery } from '../../travel/flight.ts'
import type { PriceReply, ShopReply, UnreadShop } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import { compareMoney } from '../../kernel/money.ts'
import { toReply, type Reply } from './exchange.ts'
import { gatewayCodeOf, isWarning, errorsOf, SABRE, toReadError } from './faults.ts'
import { readBooking, type BookingView } from './from-wire-booking.ts'
import { findGroupedResponse, readGroupedResponse } from './from-wire-shop.ts'
import { isObject, toObject, toObjects, toText, type JsonObject } from './json.ts'

/** What Sabre writes when nothing is flown or priced for what was asked: an answer to a search, not a failure. */
const NOTHING_FOUND =
  /no complete journey can be built|no (available )?flight schedules|no flights? found|no combinable (schedules|fares)|no fares?\b|no availability|not available|no valid fare|itinerary (is )?no longer/i

/** Reads a reply to a search that was left unread. Throws ProviderError. */
export function readUnreadShop({ unread, status }: UnreadShop, query: FlightQuery): ShopReply {
  const reply = readShop(toReply(status, Buffer.from(unread.buffer, unread.byteOffset, unread.byteLength).toString('utf8')))
  // Single directions of a journey may stand among the itineraries; nobody asked for them.
  return { ...reply, offers: reply.offers.filter((offer) => offer.slices.length === query.slices.length) }
}

/** Reads a grouped itinerary response. Throws ProviderError. */
export function readShop(reply: Reply): ShopReply {
  const response = findGroupedResponse(reply.body)
  if (!response) {
    if (saysNothingFound(reply.body)) return { solutions: 0, offers: [] }
    throw toReadError(reply.body, reply.status)
  }
  const found = readGroupedResponse(response)
  if (found.solutions === 0) {
    const refusal = findRefusal(response)
    if (refusal) throw refusal
    if (reply.status !== null && (reply.status < 200 || reply.status >= 300) && reply.status !== 404)
      throw toReadError(reply.body, reply.status)
  }
  if (found.solutions > 0 && found.offers.length === 0)
    throw new ProviderError(SABRE, 'malformed', `none of the ${found.solutions} prices could be read`)
  return found
}

/** An error among the messages of a response without itineraries, unless it says that there are none. */
function findRefusal(response: JsonObject): ProviderError | undefined {
  const messages = toObjects(response['messages'])
  if (messages.some((message) => NOTHING_FOUND.test(toText(message['text']) ?? ''))) return undefined
  const error = messages.find((message) => toText(message['severity']) === 'Error')
  if (!error) return undefined
  const code = toText(error['code']) ?? toText(error['type']) ?? 'unnamed'
  return new ProviderError(SABRE, 'refused', `${code}: ${(toText(error['text']) ?? '').slice(0, 200)}`, { code: code.slice(0, 80) })
}

/** The gateway's form of "nothing found": an error whose message is the reply of the search, as text. */
function saysNothingFound(body: unknown): boolean {
  return gatewayCodeOf(body) !== null && NOTHING_FOUND.test(toText(toObject(body)['message']) ?? '')
}

/** Reads a reply to Revalidate Itinerary about this offer: its price now, or that it is not sold any more. Throws ProviderError. */
export function readPrice(reply: Reply, shown: FlightOffer): PriceReply {
  const { offers } = readShop(reply)
  const own = chooseOffer(offers, shown)
  if (!own) return { outcome: 'gone', code: 'not_priced', message: 'Sabre does not price these flights in these classes any more' }
  return { outcome: 'priced', offer: { ...own, id: shown.id, solution: shown.solution } }
}

/**
 * The offer among those priced that is the same to a traveller: same flights at the same times, and the same fares; where
 * no fares agree, the same brands; of several the cheapest. An offer of other brands is another one.
 */
function chooseOffer(offers: readonly FlightOffer[], shown: FlightOffer): FlightOffer | undefined {
  const same = offers
    .filter((offer) => offer.total.currency === shown.total.currency && partsOf(offer, 'flights') === partsOf(shown, 'flights'))
    .toSorted((a, b) => compareMoney(a.total, b.total))
  return (
    same.find((offer) => partsOf(offer, 'fares') === partsOf(shown, 'fares')) ??
    same.find((offer) => partsOf(offer, 'brands') === partsOf(shown, 'brands'))
  )
}

function partsOf(offer: FlightOffer, part: 'flights' | 'fares' | 'brands'): string {
  return offer.slices
    .flatMap(({ segments }) =>
      segments.map((segment) =>
        part === 'flights'
          ? `${segment.carrier}${segment.flightNumber}.${segment.origin}${segment.destination}.${segment.departure.local}.${segment.bookingClass}`
          : part === 'fares'
            ? `${segment.fareBasis}`
            : `${segment.brand}`,
      ),
    )
    .join('+')
}

/** Reads a reply to getBooking. Throws ProviderError. */
export function readRetrieved(reply: Reply): BookingView {
  const body = toObject(reply.body)
  const isAnswer = reply.status === null || (reply.status >= 200 && reply.status < 300)
  if (
    !isAnswer ||
    toText(body['bookingId']) === null ||
    errorsOf(body).some((error) => !isWarning(error) && error.category === 'RESOURCE_NOT_FOUND')
  )
    throw toReadError(reply.body, reply.status)
  return orMalformed(() => readBooking(body))
}

/** The value, or the ProviderError for a message that cannot be understood. */
export function orMalformed<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw new ProviderError(SABRE, 'malformed', error.message, { cause: error })
    throw error
  }
}

/** True when the reply is an object of the API's, whatever it says, and no failure of the server. */
export function isAnswer(reply: Reply): reply is Reply & { readonly body: JsonObject } {
  return isObject(reply.body) && (reply.status === null || reply.status < 500) && gatewayCodeOf(reply.body) === null
}
