import type { Money } from '../../kernel/money.ts'
import type { CabinClass } from '../../travel/flight.ts'
import type { Seat, SeatCabin, SeatFeature, SeatMap, SeatState } from '../../travel/seat-map.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { readerOf, readPrices, type MoneyReader } from './amounts.ts'
import { all, any, at, refs, value } from './elements.ts'
import { readCabin } from './lists.ts'
import { partsOf, readLists, type Message } from './message.ts'
import { createItineraries, flightRefs } from './read-itinerary.ts'
import { toCabin } from './wire.ts'

/** Rows of all cabins of one map; an A380 has below a hundred. */
const SEATS_MAX = 2_000

// PADIS 9825 for seats and 9864 for rows. X is a place like any other, however much it looks like an exit.
const FEATURES: Readonly<Record<string, SeatFeature>> = {
  W: 'window',
  A: 'aisle',
  9: 'middle',
  MS: 'middle',
  E: 'exit',
  K: 'bulkhead',
  L: 'extra_legroom',
  LS: 'extra_legroom',
  B: 'bassinet',
  BA: 'bassinet',
  OW: 'wing',
  '1D': 'restricted_recline',
}

/** Characteristics with which a place is no seat: no seat at all, a lavatory, a galley. */
const NO_SEAT = new Set(['8', 'LA', 'GN', 'CL', 'ST', 'D'])

const STATES: Readonly<Record<string, SeatState>> = {
  F: 'free',
  A: 'free',
  O: 'taken',
  T: 'taken',
  // Not available, blocked, and kept for others.
  Z: 'blocked',
  B: 'blocked',
  D: 'blocked',
  R: 'blocked',
  C: 'blocked',
  H: 'blocked',
  I: 'blocked',
  // What some write out.
  AVAILABLE: 'free',
  OCCUPIED: 'taken',
  UNAVAILABLE: 'taken',
  BLOCKED: 'blocked',
}

/**
 * The maps of SeatAvailabilityRS. `journey` are the airline's keys of the segments in the order of the journey; without it
 * the order in the message's list counts.
 */
export function readSeatMaps(message: Message, journey?: readonly string[]): readonly SeatMap[] {
  const moneyOf = readerOf(message.root)
  const { lists } = readLists(message, () => [])
  const { segmentsOf } = createItineraries(lists)
  const order = journey ?? [...lists.segments.keys()]
  const prices = readSeatPrices(message, moneyOf)
  return partsOf(message, 'SeatMap').flatMap((map, index) => {
    const references = flightRefs(map)
    const key = segmentsOf(references)[0] ?? references[0]
    const segmentIndex = key === undefined ? index : order.indexOf(key)
    const cabins = all(map, 'CabinCompartment', 'Cabin').flatMap((cabin) => readCabinMap(cabin, prices) ?? [])
    if (segmentIndex < 0 || cabins.length === 0) return []
    return [{ segmentIndex, equipment: lists.segments.get(key ?? '')?.equipment ?? null, cabins }]
  })
}

/** What one passenger pays for a seat, by the key of the offer item. */
function readSeatPrices(message: Message, moneyOf: MoneyReader): ReadonlyMap<string, Money> {
  const prices = new Map<string, Money>()
  for (const offer of partsOf(message, 'ALaCarteOffer')) {
    for (const item of all(offer, 'ALaCarteOfferItem', 'OfferItem')) {
      const key = value(item, 'OfferItemID')
      const { total } = readPrices(any(item, 'UnitPriceDetail', 'UnitPrice', 'Price'), moneyOf)
      if (key !== undefined && total) prices.set(key, total)
    }
  }
  return prices
}

function readCabinMap(cabin: XmlElement, prices: ReadonlyMap<string, Money>): SeatCabin | undefined {
  const layout = any(cabin, 'CabinLayout') ?? cabin
  const rows = all(cabin, 'SeatRow', 'Row').map((row) => ({ row, seats: all(row, 'Seat') }))
  const called = new Set(rows.flatMap(({ seats: own }) => own.flatMap((seat) => value(seat, 'ColumnID', 'Column') ?? [])))
  const positions = readColumns(layout, called)
  const seats: Seat[] = []
  for (const { row, seats: own } of rows) {
    const number = value(row, 'RowNumber', 'Number')
    const codes = codesOf(row, 'RowCharacteristicCode', 'RowCharacteristics')
    for (const seat of own) {
      const column = value(seat, 'ColumnID', 'Column')
      const rowNumber = Number(value(seat, 'RowNumber') ?? number)
      if (!column || !Number.isSafeInteger(rowNumber) || rowNumber < 1 || seats.length >= SEATS_MAX) continue
      const read = readSeat(seat, { row: rowNumber, column, codes: [...codes, ...(positions.get(column) ?? [])], prices })
      if (read) seats.push(read)
    }
  }
  if (seats.length === 0) return undefined
  const columns = positions.size > 0 ? [...positions.keys()] : [...new Set(seats.map((seat) => seat.column))].sort()
  return {
    cabin: cabinOf(cabin),
    deck: /upper/i.test(value(cabin, 'DeckCode', 'Deck') ?? '') ? 'upper' : 'main',
    columns: withAisles(columns, positions),
    seats,
  }
}

function cabinOf(cabin: XmlElement): CabinClass | null {
  return readCabin(any(cabin, 'CabinType')) ?? toCabin(value(cabin, 'CabinTypeCode', 'Code'), value(cabin, 'CabinTypeName', 'Name'))
}

/**
 * The columns from left to right, with what is said of each: window, aisle. 17.2 has the letter as the position and the place in
 * the row as text, or the other way about: letters are what the seats call their columns.
 */
function readColumns(layout: XmlElement, called: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const elements = all(layout, 'SeatColumn', 'Columns', 'Column', 'ColumnID')
  const textOf = (one: XmlElement): string => value(one, 'ColumnID') ?? one.text.trim()
  const positionOf = (one: XmlElement): string => value(one, 'Position') ?? ''
  const fitting = (read: (one: XmlElement) => string): number => new Set(elements.map(read).filter((text) => called.has(text))).size
  const isTurned = fitting(positionOf) > fitting(textOf)
  const columns = new Map<string, readonly string[]>()
  for (const one of elements) {
    const [letter, place] = isTurned ? [positionOf(one), textOf(one)] : [textOf(one), positionOf(one)]
    if (!/^[A-Z]{1,2}$/.test(letter)) continue
    columns.set(letter, [...codesOf(one, 'SeatCharacteristicCode', 'SeatCharacteristics'), ...(place === '' ? [] : [place])])
  }
  return columns
}

/** Between two columns that both say they are at an aisle there is one. */
function withAisles(columns: readonly string[], positions: ReadonlyMap<string, readonly string[]>): readonly (string | null)[] {
  const isAtAisle = (column: string | undefined): boolean =>
    column !== undefined && (positions.get(column) ?? []).some((code) => /^(a|aisle)$/i.test(code))
  return columns.flatMap((column, i) => (i > 0 && isAtAisle(columns[i - 1]) && isAtAisle(column) ? [null, column] : [column]))
}

function readSeat(
  seat: XmlElement,
  { row, column, codes, prices }: { row: number; column: string; codes: readonly string[]; prices: ReadonlyMap<string, Money> },
): Seat | undefined {
  const own = codesOf(seat, 'SeatCharacteristicCode', 'SeatCharacteristics')
  if (own.some((code) => NO_SEAT.has(code))) return undefined
  const status = value(seat, 'OccupationStatusCode', 'SeatStatus', 'Status')?.toUpperCase()
  // "Q" and its like are places without a seat.
  if (status === 'Q' || status === 'N') return undefined
  const item = refs(seat, 'OfferItemRefs', 'OfferItemRefID')[0]
  const features = [...codes, ...own].flatMap((code) => FEATURES[code.toUpperCase()] ?? wordFeature(code))
  return {
    number: `${row}${column}`,
    row,
    column,
    state: STATES[status ?? ''] ?? 'unknown',
    features: [...new Set(features)],
    price: prices.get(item ?? '') ?? null,
    supplierToken: item ?? null,
  }
}

function wordFeature(code: string): readonly SeatFeature[] {
  const word = code.toLowerCase()
  const place = { window: 'window', windows: 'window', aisle: 'aisle', middle: 'middle', center: 'middle' } as const
  return Object.hasOwn(place, word) ? [place[word as keyof typeof place]] : []
}

/** Characteristics, as repeated elements or as codes inside one. */
function codesOf(element: XmlElement, name: string, group: string): readonly string[] {
  const grouped = all(element, group).flatMap((one) => [
    ...refs(one, 'Code'),
    ...all(one, 'Code').flatMap((code) => value(code, 'Code') ?? []),
  ])
  return [...refs(element, name), ...grouped, ...refs(at(element, group, 'Characteristic'), 'Code')]
}
