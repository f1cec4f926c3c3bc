import type { Money } from '../../kernel/money.ts'
import type { Seat, SeatCabin, SeatFeature, SeatMap, SeatState } from '../../travel/seat-map.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import { readCount, readMoneyOrNull } from './read-values.ts'
import { toCabin } from './wire.ts'

/** What makes a seat free to choose, and why not; a word that is missing here is unknown, and never sold. */
const STATES: Readonly<Record<string, SeatState>> = {
  Available: 'free',
  Occupied: 'taken',
  Reserved: 'taken',
  AdvancedBoardingPass: 'taken',
  InterlineCheckin: 'taken',
  Codeshare: 'taken',
  PartnerAirline: 'taken',
  Group: 'taken',
  Protected: 'blocked',
  Blocked: 'blocked',
  Extra: 'blocked',
  RBDRestriction: 'blocked',
  UnoccupiedButNotEligible: 'blocked',
}

/** Their words for what a seat is like, compared without case and punctuation. */
const FEATURES: readonly (readonly [RegExp, SeatFeature])[] = [
  [/^window/, 'window'],
  [/^aisle/, 'aisle'],
  [/^(middle|center|centre)/, 'middle'],
  [/exit/, 'exit'],
  [/bulkhead/, 'bulkhead'],
  [/legroom|extraleg/, 'extra_legroom'],
  [/bassinet|cot/, 'bassinet'],
  [/wing/, 'wing'],
  [/restrictedrecline|norecline/, 'restricted_recline'],
]

/** Reads SeatMapRsp: a map for each flight in it that has rows, counted in the order of the message. */
export function readSeatMaps(reply: XmlElement): readonly SeatMap[] {
  const segments = children(reply, 'AirSegment')
  const cabin = attribute(child(reply, 'CabinClass'), 'Type')
  const prices = readServicePrices(reply)
  return children(reply, 'Rows').flatMap((rows, index) => {
    const ref = attribute(rows, 'SegmentRef')
    const found = segments.findIndex((segment) => attribute(segment, 'Key') === ref)
    const at = found >= 0 ? found : index
    const cabins = readCabins(children(rows, 'Row'), cabin ?? attribute(segments[at], 'CabinClass'), prices)
    return cabins.length > 0 ? [{ segmentIndex: at, equipment: attribute(segments[at], 'Equipment') ?? null, cabins }] : []
  })
}

/** Prices of seats that are sold as services, by the service's key. */
function readServicePrices(reply: XmlElement): ReadonlyMap<string, Money> {
  const services = children(child(reply, 'OptionalServices'), 'OptionalService')
  return new Map(
    services.flatMap((service) => {
      const price = readMoneyOrNull(attribute(service, 'TotalPrice'))
      return price ? [[attribute(service, 'Key') ?? '', price] as const] : []
    }),
  )
}

type ReadRow = {
  readonly cabin: string | undefined
  readonly deck: SeatCabin['deck']
  readonly layout: Layout
  readonly seats: readonly Seat[]
}
type Layout = readonly (string | null)[]

/** Rows one behind the other are one cabin as long as they are of one class on one deck. */
function readCabins(rows: readonly XmlElement[], cabin: string | undefined, prices: ReadonlyMap<string, Money>): readonly SeatCabin[] {
  const cabins: { cabin: string | undefined; deck: SeatCabin['deck']; rows: ReadRow[] }[] = []
  for (const row of rows.map((one) => readRow(one, cabin, prices))) {
    if (row.seats.length === 0) continue
    const last = cabins[cabins.length - 1]
    if (last && last.cabin === row.cabin && last.deck === row.deck) last.rows.push(row)
    else cabins.push({ cabin: row.cabin, deck: row.deck, rows: [row] })
  }
  return cabins.map((one) => ({
    cabin: toCabin(one.cabin),
    deck: one.deck,
    columns: columnsOf(one.rows),
    seats: one.rows.flatMap((row) => row.seats),
  }))
}

function readRow(row: XmlElement, otherwise: string | undefined, prices: ReadonlyMap<string, Money>): ReadRow {
  const number = readCount(attribute(row, 'Number')) ?? 0
  const common = children(row, 'Characteristic')
  const facilities = children(row, 'Facility')
  const stated = facilities.map((one) => attribute(child(child(one, 'ServiceData'), 'CabinClass'), 'Type')).find((one) => one !== undefined)
  const parts = facilities.map((facility) => {
    const column = attribute(facility, 'Type') === 'Seat' ? columnOf(attribute(facility, 'SeatCode')) : null
    return { column, facility, isAisle: attribute(facility, 'Type') === 'Aisle' }
  })
  return {
    cabin: stated ?? otherwise,
    deck: common.some((one) => /upper/i.test(attribute(one, 'Value') ?? '')) ? 'upper' : 'main',
    layout: parts.filter(({ column, isAisle }) => column !== null || isAisle).map(({ column }) => column),
    seats: parts.flatMap(({ column, facility }) =>
      column === null || attribute(facility, 'Availability') === 'NoSeat'
        ? []
        : [
            {
              number: `${number}${column}`,
              row: number,
              column,
              state: STATES[attribute(facility, 'Availability') ?? ''] ?? 'unknown',
              features: readFeatures([...common, ...children(facility, 'Characteristic')]),
              price:
                readMoneyOrNull(attribute(facility, 'SeatPrice')) ?? prices.get(attribute(facility, 'OptionalServiceRef') ?? '') ?? null,
              supplierToken: null,
            },
          ],
    ),
  }
}

/** "12-A", "12A" or "A" is column A. */
function columnOf(code: string | undefined): string | null {
  return /([A-Z])$/.exec(code ?? '')?.[1] ?? null
}

function readFeatures(characteristics: readonly XmlElement[]): readonly SeatFeature[] {
  const words = characteristics.map((one) => (attribute(one, 'Value') ?? '').toLowerCase().replace(/[^a-z]/g, ''))
  return FEATURES.filter(([word]) => words.some((one) => word.test(one) && !/^no(t|n)/.test(one.replace('norecline', '')))).map(
    ([, feature]) => feature,
  )
}

/** The widest row shows all columns and aisles; letters that only another row has stand at the end of the alphabet's order. */
function columnsOf(rows: readonly ReadRow[]): Layout {
  const widest = rows.reduce((best, row) => (row.layout.length > best.length ? row.layout : best), [] as Layout)
  const others = [...new Set(rows.flatMap((row) => row.seats.map((seat) => seat.column)))].filter((column) => !widest.includes(column))
  return others.reduce<Layout>((columns, column) => {
    const after = columns.findIndex((one) => one !== null && one > column)
    return after < 0 ? [...columns, column] : [...columns.slice(0, after), column, ...columns.slice(after)]
  }, widest)
}
