import { compareMoney, parseMoney, type Money } from '../../kernel/money.ts'
import type { Seat, SeatCabin, SeatFeature, SeatMap, SeatState } from '../../travel/seat-map.ts'
import { toCabin } from './from-wire-offer.ts'
import { wireSeatMap, type WireCabin, type WireElement, type WireRow, type WireSeatMap } from './wire-seat-map.ts'

/** What a seat's `supplierToken` holds: the service that gives the seat to a passenger, one for each who may sit there. */
export type SeatToken = readonly {
  readonly service: string
  readonly passenger: string | null
  readonly amount: string
  readonly currency: string
}[]

/** The flights of the offer in the order they are flown, where they are known. */
export type FlownSegment = { readonly id: string; readonly equipment: string | null }

/**
 * Their seat maps as ours, in the order of the journey. Without `segments` (a message by itself) the place of a map is
 * that of its segment in the message. A map of a segment that is not the offer's, or that cannot be read, is left out.
 */
export function toSeatMaps(maps: readonly unknown[], segments: readonly FlownSegment[] | null = null): readonly SeatMap[] {
  const readable = maps.filter((map): map is WireSeatMap => wireSeatMap.Check(map))
  const ids = segments?.map((segment) => segment.id) ?? [...new Set(readable.map((map, index) => map.segment_id ?? `no name ${index}`))]
  const places = new Map(ids.map((id, index) => [id, index]))
  return readable
    .flatMap((map, index): SeatMap[] => {
      const segmentIndex = places.get(map.segment_id ?? `no name ${index}`)
      if (segmentIndex === undefined) return []
      return [{ segmentIndex, equipment: segments?.[segmentIndex]?.equipment ?? null, cabins: map.cabins.map(toSeatCabin) }]
    })
    .toSorted((a, b) => a.segmentIndex - b.segmentIndex)
}

function toSeatCabin(wire: WireCabin): SeatCabin {
  const rows = wire.rows ?? []
  return {
    cabin: toCabin(wire.cabin_class),
    deck: (wire.deck ?? 0) > 0 ? 'upper' : 'main',
    columns: toColumns(rows),
    seats: rows.flatMap((row, index) => {
      const above = index > 0 ? sectionsOf(rows[index - 1]!) : []
      return toSeats(row, { above, isBehindExit: above.some((elements) => elements.some(isExit)), isOverWing: isOverWing(wire, index) })
    }),
  }
}

type Surroundings = {
  /** The sections of the row in front of it. */
  readonly above: readonly (readonly WireElement[])[]
  readonly isBehindExit: boolean
  readonly isOverWing: boolean
}

function toSeats(row: WireRow, around: Surroundings): Seat[] {
  const sections = sectionsOf(row)
  return sections.flatMap((elements, section) =>
    elements.flatMap((element, place): Seat[] => {
      const designator = parseDesignator(element)
      if (!designator) return []
      const services = element.available_services ?? null
      const price = services && services.length > 0 ? dearest(services) : null
      const state = toState(element, price)
      return [
        {
          ...designator,
          state,
          features: toFeatures(element, { ...around, sections, section, place }),
          price,
          supplierToken: state === 'free' ? JSON.stringify(toToken(services ?? [])) : null,
        },
      ]
    }),
  )
}

const DESIGNATOR = /^0*(\d{1,3})([A-Z]{1,2})$/i

/** A seat without a designator ("restricted", see README) cannot be asked for or named, and is not a seat of ours. */
function parseDesignator({ designator }: WireElement): Pick<Seat, 'number' | 'row' | 'column'> | undefined {
  const match = designator ? DESIGNATOR.exec(designator.trim()) : null
  if (!match) return undefined
  const [, row = '', column = ''] = match
  return { number: designator!.trim().toUpperCase(), row: Number(row), column: column.toUpperCase() }
}

/**
 * A seat nobody is offered is taken, as far as Duffel tells. A kind of element that is new, no word about services, or a
 * price that cannot be read: unknown, which is never sold.
 */
function toState({ type, available_services: services }: WireElement, price: Money | null): SeatState {
  if (type === 'restricted_seat_general') return 'blocked'
  if (type !== 'seat' || !services) return 'unknown'
  if (services.length === 0) return 'taken'
  return price === null ? 'unknown' : 'free'
}

/** Passengers may be asked different prices for one seat; the dearest is never too little. Null when it cannot be said. */
function dearest(services: NonNullable<WireElement['available_services']>): Money | null {
  try {
    const prices = services.map((service) => parseMoney(service.total_amount, service.total_currency))
    return prices.reduce((most, price) => (compareMoney(price, most) > 0 ? price : most))
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function toToken(services: NonNullable<WireElement['available_services']>): SeatToken {
  return services.map((service) => ({
    service: service.id,
    passenger: service.passenger_id ?? null,
    amount: service.total_amount,
    currency: service.total_currency,
  }))
}

type Position = Surroundings & {
  readonly sections: readonly (readonly WireElement[])[]
  readonly section: number
  readonly place: number
}

function toFeatures(element: WireElement, position: Position): SeatFeature[] {
  const said = [element.name ?? '', ...(element.disclosures ?? [])].join('. ')
  const { isBehindExit } = position
  const above = position.above[position.section]?.[position.place]
  const features: readonly (readonly [SeatFeature, boolean])[] = [
    ...sideOf(position),
    ['exit', isBehindExit || /\bexit\b/i.test(said)],
    ['bulkhead', /\bbulkhead\b/i.test(said)],
    // Duffel draws the room in front of an exit as a row of its own: https://duffel.com/docs/api/seat-maps
    ['extra_legroom', isBehindExit || /\b(extra|more)\s+leg\s?(room|space)\b/i.test(said)],
    // "aligned with the corresponding seat in the following row"
    ['bassinet', above?.type === 'bassinet' || /\bbassinet\b/i.test(said)],
    ['wing', position.isOverWing],
    ['restricted_recline', /\b(no|not|limited|restricted|reduced)\b[^.]*\brecline/i.test(said)],
  ]
  return features.flatMap(([feature, isIt]) => (isIt ? [feature] : []))
}

/** Window and aisle seats stand at an end of their section; a middle seat has a neighbour on either side. */
function sideOf({ sections, section, place }: Position): readonly (readonly [SeatFeature, boolean])[] {
  const elements = sections[section]!
  const isFirst = place === 0
  const isLast = place === elements.length - 1
  const isWindow = (section === 0 && isFirst) || (section === sections.length - 1 && isLast)
  const isAisle = (section > 0 && isFirst) || (section < sections.length - 1 && isLast)
  const isMiddle = !isWindow && !isAisle && isSeat(elements[place - 1]) && isSeat(elements[place + 1])
  return [
    ['window', isWindow],
    ['aisle', isAisle],
    ['middle', isMiddle],
  ]
}

function isSeat(element: WireElement | undefined): boolean {
  return element?.type === 'seat' || element?.type === 'restricted_seat_general'
}

function isExit({ type }: WireElement): boolean {
  return type === 'exit_row'
}

/** "The indices are 0 th-based and are for all rows, not just those that have seats." */
function isOverWing({ wings }: WireCabin, index: number): boolean {
  const { first_row_index: first, last_row_index: last } = wings ?? {}
  return typeof first === 'number' && typeof last === 'number' && index >= first && index <= last
}

/**
 * The letters from left to right, an aisle between the sections. Duffel has no columns: rows may have fewer seats, or
 * fewer sections, than others. The letters of rows with all their sections say which section a letter belongs to.
 */
function toColumns(rows: readonly WireRow[]): (string | null)[] {
  const sectionCount = rows.reduce((most, row) => Math.max(most, sectionsOf(row).length), 0)
  const sections = Array.from({ length: sectionCount }, (): string[] => [])
  const whole = rows.filter((row) => sectionsOf(row).length === sectionCount)
  const partial = rows.filter((row) => sectionsOf(row).length < sectionCount)
  for (const row of [...whole, ...partial]) {
    sectionsOf(row).forEach((elements, section) => {
      let after = -1
      for (const element of elements) {
        const letter = parseDesignator(element)?.column
        if (letter === undefined) continue
        const known = sections.find((letters) => letters.includes(letter))
        const letters = known ?? sections[section]!
        if (!known) letters.splice(after + 1, 0, letter)
        if (letters === sections[section]) after = letters.indexOf(letter)
      }
    })
  }
  return sections.filter((letters) => letters.length > 0).flatMap((letters, index) => (index === 0 ? letters : [null, ...letters]))
}

function sectionsOf(row: WireRow): readonly (readonly WireElement[])[] {
  return (row.sections ?? []).map((section) => section.elements ?? [])
}
