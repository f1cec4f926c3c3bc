import type { Money } from '../../kernel/money.ts'
import type { FlightOffer, CabinClass } from '../../travel/flight.ts'
import type { Seat, SeatCabin, SeatFeature, SeatMap, SeatState } from '../../travel/seat-map.ts'
import type { Call } from '../contract.ts'
import { createBudget, read, type Deps, type Reply } from './exchange.ts'
import { toReadError } from './faults.ts'
import { findAmount } from './from-wire-amounts.ts'
import { cabinOf } from './from-wire-fares.ts'
import { isObject, toObject, toObjects, toText, toTexts, toWhole, type JsonObject } from './json.ts'
import { readToken } from './read-operations.ts'
import { PATHS, type OfferToken } from './wire.ts'

/** Asks for the seats of all flights of an offer. */
export async function seatMaps(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly SeatMap[]> {
  const budget = createBudget(deps, deps.settings.limits.readTimeoutMs)
  return readSeatMaps(await read(deps, { path: PATHS.seats, body: toSeatsRequest(offer, readToken(offer)), budget }, call))
}

const CABINS: Readonly<Record<CabinClass, string>> = { economy: 'Y', premium_economy: 'S', business: 'C', first: 'F' }

/** The id under which the request names a flight, and the reply speaks of it. */
const segmentId = (index: number): string => `seg${index + 1}`

/**
 * The body of Get Seats for flights that are not booked yet ("payload").
 * https://developer.sabre.com/docs/rest_apis/air/book/get_seats
 */
export function toSeatsRequest(offer: FlightOffer, token: OfferToken): object {
  const segments = offer.slices.flatMap((slice) => slice.segments)
  const paxes = token.passengers
    .filter(({ code }) => code !== 'INF')
    .flatMap(({ code, count }) => Array.from({ length: count }, () => code))
    .map((ptc, index) => ({ paxID: `pax${index + 1}`, ptc }))
  return {
    requestType: 'payload',
    requestMode: 'BOOKING',
    request: {
      paxSegmentRefIds: segments.map((_, index) => segmentId(index)),
      originDest: {
        paxJourney: {
          paxSegments: segments.map((segment, index) => ({
            paxSegmentId: segmentId(index),
            departure: { locationCode: segment.origin, aircraftScheduledDate: { date: segment.departure.local.slice(0, 10) } },
            arrival: { locationCode: segment.destination, aircraftScheduledDate: { date: segment.arrival.local.slice(0, 10) } },
            marketingCarrierInfo: {
              carrierCode: segment.carrier,
              carrierFlightNumber: segment.flightNumber,
              ...(segment.bookingClass && { bookingCode: segment.bookingClass }),
            },
            ...(segment.cabin && { cabinType: { cabinTypeCode: CABINS[segment.cabin] } }),
          })),
        },
      },
      paxes,
      currency: offer.total.currency,
    },
  }
}

/** Reads a reply of Get Seats: the map of each flight that has one. Throws ProviderError. */
export function readSeatMaps(reply: Reply): readonly SeatMap[] {
  const response = toObject(reply.body)['response']
  const isSuccess = reply.status === null || (reply.status >= 200 && reply.status < 300)
  if (!isSuccess || !isObject(response) || !Array.isArray(response['seatMaps'])) throw toReadError(toErrors(reply.body), reply.status)
  const lists = toObject(response['dataLists'])
  const flights = toObjects(lists['paxSegments']).map((segment) => toText(segment['paxSegmentID']) ?? '')
  const prices = new Map(
    toObjects(toObject(response['aLaCarteOffer'])['aLaCarteOfferItems']).map((item) => [toText(item['offerItemID']), priceOf(item)]),
  )
  return toObjects(response['seatMaps']).map((map, index) => {
    const id = toText(map['paxSegmentRefID']) ?? ''
    const asked = /^seg(\d{1,2})$/.exec(id)?.[1]
    const place = asked === undefined ? flights.indexOf(id) : Number(asked) - 1
    return {
      segmentIndex: place < 0 ? index : place,
      equipment: equipmentOf(toObjects(lists['paxSegments'])[flights.indexOf(id)]),
      cabins: toObjects(map['cabinCompartments']).map((cabin) => readCabin(cabin, prices)),
    }
  })
}

/** Get Seats states its errors with a code and a text of their own. */
function toErrors(body: unknown): unknown {
  const errors = toObjects(toObject(body)['errors'])
  if (errors.length === 0) return body
  return { errors: errors.map((error) => ({ category: 'SEATS', type: toText(error['code']) ?? toText(error['statusText']) ?? 'UNNAMED' })) }
}

function priceOf(item: JsonObject): Money | null {
  const amount = toObject(toObject(item['unitPrice'])['totalAmount'])
  return findAmount(amount['amount'], amount['currencyCode'])
}

function equipmentOf(segment: JsonObject | undefined): string | null {
  const leg = toObjects(segment?.['datedOperatingLegs'])[0]
  return toText(toObject(leg?.['carrierAircraftType'])['carrierAircraftTypeCode'])
}

function readCabin(cabin: JsonObject, prices: ReadonlyMap<string | null, Money | null>): SeatCabin {
  const layout = toObjects(toObject(cabin['cabinLayout'])['columns'])
  const seats = toObjects(cabin['seatRows']).flatMap((row) => {
    const number = toWhole(row['row'])
    return number === null ? [] : toObjects(row['seats']).flatMap((seat) => readSeat(seat, number, row, prices))
  })
  return {
    cabin: cabinOf(toText(toObject(cabin['cabinType'])['cabinTypeCode'])),
    deck: /^u/i.test(toText(cabin['deckCode']) ?? '') ? 'upper' : 'main',
    columns: readColumns(layout, toTexts(cabin['columnIDs']), seats),
    seats,
  }
}

/** Two columns that are both at an aisle have it between them. Without a layout, seats say which are at one. */
function readColumns(layout: readonly JsonObject[], ids: readonly string[], seats: readonly Seat[]): readonly (string | null)[] {
  const stated = layout.flatMap((column) => {
    const id = toText(column['id'])
    return id === null ? [] : [{ id, isAtAisle: toText(column['position'])?.toUpperCase().startsWith('A') === true }]
  })
  const columns =
    stated.length > 0
      ? stated
      : (ids.length > 0 ? ids : [...new Set(seats.map((seat) => seat.column))].toSorted()).map((id) => ({
          id,
          isAtAisle: seats.some((seat) => seat.column === id && seat.features.includes('aisle')),
        }))
  return columns.flatMap(({ id, isAtAisle }, index) => (index > 0 && isAtAisle && columns[index - 1]!.isAtAisle ? [null, id] : [id]))
}

/** PADIS 9865. Whatever else is said, or nothing, is unknown and not sold. */
const STATES: Readonly<Record<string, SeatState>> = {
  F: 'free',
  A: 'free',
  O: 'taken',
  T: 'taken',
  Z: 'blocked',
  B: 'blocked',
  X: 'blocked',
}

/** PADIS 9825, the characteristics we have a word for. */
const FEATURES: Readonly<Record<string, SeatFeature>> = {
  W: 'window',
  A: 'aisle',
  '9': 'middle',
  E: 'exit',
  K: 'bulkhead',
  L: 'extra_legroom',
  B: 'bassinet',
  OW: 'wing',
  '1D': 'restricted_recline',
}

/** "No seat at this location". */
const NO_SEAT = '8'

function readSeat(seat: JsonObject, row: number, about: JsonObject, prices: ReadonlyMap<string | null, Money | null>): Seat[] {
  const column = toText(seat['column'])
  const codes = [...toObjects(seat['characteristics']), ...toObjects(about['characteristics'])].flatMap((one) => toText(one['code']) ?? [])
  if (column === null || codes.includes(NO_SEAT)) return []
  const status = toText(seat['occupationStatusCode'])
  const offers = toTexts(seat['offerItemRefIDs'])
  return [
    {
      number: `${row}${column}`,
      row,
      column,
      state: status !== null && Object.hasOwn(STATES, status) ? STATES[status]! : 'unknown',
      features: [...new Set(codes.flatMap((code) => (Object.hasOwn(FEATURES, code) ? FEATURES[code]! : [])))],
      price: prices.get(offers[0] ?? null) ?? null,
      supplierToken: offers[0] ?? null,
    },
  ]
}
