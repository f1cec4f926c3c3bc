import { child, children, type XmlElement } from '../../platform/xml.ts'
import type { CabinClass } from '../../travel/flight.ts'
import type { Seat, SeatCabin, SeatFeature, SeatMap, SeatState } from '../../travel/seat-map.ts'
import { PROVIDER_ID, refused } from './exchange.ts'
import { ProviderError } from '../errors.ts'
import { readRefusals } from './faults.ts'
import { readCount, textAt } from './read-values.ts'
import { toCabin } from './wire.ts'

/** Seats of one reply: a whole A380 has 850. */
const SEATS_MAX = 2_000

/**
 * Reads Air_RetrieveSeatMapReply: one map for each flight in it. A seat without an occupation of its own has the cabin's. A
 * warning beside a map is no refusal; an error without one is thrown as ProviderError.
 */
export function readSeatMaps(reply: XmlElement, firstSegment = 0): readonly SeatMap[] {
  const maps = children(reply, 'seatmapInformation')
  const refusal = readRefusals(reply)[0]
  if (refusal && maps.every((map) => children(map, 'row').length === 0)) throw refused(refusal)
  if (maps.length === 0) throw new ProviderError(PROVIDER_ID, 'malformed', 'the reply holds no seat map')
  return maps.map((map, index) => ({
    segmentIndex: firstSegment + index,
    equipment: textAt(map, 'equipmentInformation', 'iataAircraftTypeCode') ?? null,
    cabins: readCabins(map),
  }))
}

type Column = { readonly name: string; readonly places: readonly string[] }

type Cabin = {
  readonly from: number
  readonly to: number
  readonly cabin: CabinClass | null
  readonly deck: SeatCabin['deck']
  readonly defaultState: SeatState
  readonly columns: readonly Column[]
}

function readCabins(map: XmlElement): readonly SeatCabin[] {
  const cabins = children(map, 'cabin').map(readCabin)
  const rows = children(map, 'row').flatMap((row) => children(row, 'rowDetails'))
  let seats = 0
  return cabins.map((cabin): SeatCabin => {
    const own = rows.flatMap((row): readonly Seat[] => {
      const number = readCount(textAt(row, 'seatRowNumber'))
      if (number === null || number < cabin.from || number > cabin.to || seats >= SEATS_MAX) return []
      const read = readRow(row, number, cabin)
      seats += read.length
      return read
    })
    return { cabin: cabin.cabin, deck: cabin.deck, columns: withAisles(cabin.columns), seats: own }
  })
}

function readCabin(element: XmlElement): Cabin {
  const details = child(element, 'compartmentDetails')
  const range = children(child(details, 'seatRowRange'), 'number').map((one) => readCount(one.text.trim()))
  const zone = textAt(details, 'cabinZoneCode')
  return {
    from: range[0] ?? 0,
    to: range[1] ?? Number.MAX_SAFE_INTEGER,
    cabin: toCabin(textAt(details, 'classDetails', 'compartmentDesignator')) ?? toCabin(textAt(details, 'classDetails', 'classDesignator')),
    deck: zone === 'U' ? 'upper' : 'main',
    defaultState: toState(textAt(details, 'defaultSeatOccupation')),
    columns: children(details, 'columnDetails').flatMap((column) => {
      const name = textAt(column, 'seatColumn')
      return name === undefined ? [] : [{ name, places: children(column, 'description').map((one) => one.text.trim()) }]
    }),
  }
}

/** Columns from left to right: where two seats on an aisle stand side by side, the aisle is between them. */
function withAisles(columns: readonly Column[]): readonly (string | null)[] {
  return columns.flatMap((column, at) => {
    const before = columns[at - 1]
    return before?.places.includes('A') && column.places.includes('A') ? [null, column.name] : [column.name]
  })
}

function readRow(row: XmlElement, number: number, cabin: Cabin): readonly Seat[] {
  const rowFeatures = children(row, 'rowCharacteristicDetails').flatMap((one) =>
    children(one, 'rowCharacteristic').map((code) => code.text.trim()),
  )
  return children(row, 'seatOccupationDetails').flatMap((seat): readonly Seat[] => {
    const column = textAt(seat, 'seatColumn')
    if (column === undefined) return []
    const codes = children(seat, 'seatCharacteristic').map((one) => one.text.trim())
    const occupation = textAt(seat, 'seatOccupation')
    const places = cabin.columns.find((one) => one.name === column)?.places ?? []
    return [
      {
        number: `${number}${column}`,
        row: number,
        column,
        state: codes.some((code) => NO_SEAT.has(code)) ? 'blocked' : occupation === undefined ? cabin.defaultState : toState(occupation),
        features: featuresOf([...codes, ...places, ...rowFeatures]),
        price: null,
        supplierToken: null,
      },
    ]
  })
}

/**
 * Places on the plan that are no seats: 8 none at this location, a closet, a lavatory, a galley, a bar, stairs, a bulkhead wall.
 * They stand on the map and can be had by nobody.
 */
const NO_SEAT = new Set(['8', 'CL', 'LA', 'GN', 'BA', 'ST', 'D', 'EX', 'SO', 'TA'])

/** Source: IATA PADIS code set 9865. F is free, O occupied; the others are held back for somebody. */
function toState(code: string | undefined): SeatState {
  if (code === undefined) return 'unknown'
  if (code === 'F') return 'free'
  if (code === 'O') return 'taken'
  return /^[BCDGHIKLMPQRSTUVXYZ]$/.test(code) ? 'blocked' : 'unknown'
}

/** Source: IATA PADIS code set 9825. */
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

function featuresOf(codes: readonly string[]): readonly SeatFeature[] {
  return [...new Set(codes.flatMap((code) => FEATURES[code] ?? []))]
}
