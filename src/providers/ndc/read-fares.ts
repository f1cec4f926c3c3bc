import { isSameMoney, multiplyMoney, type Money } from '../../kernel/money.ts'
import type { PassengerFare } from '../../travel/flight.ts'
import { PASSENGER_TYPES, type PassengerType } from '../../travel/passenger.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { readPrices, sumKnown, type MoneyReader, type Prices } from './amounts.ts'
import { all, any, flag, refs, value } from './elements.ts'
import { flightRefs, isAncillary, type Itineraries } from './read-itinerary.ts'
import type { Lists } from './lists.ts'

/** Elements that are read below, for the scanner of search replies. */
export const FARE_ELEMENTS: readonly string[] = [
  ...['OfferItem', 'OfferItemID', 'MandatoryInd', 'TotalPriceDetail', 'Price', 'TotalPrice', 'FareDetail', 'FarePriceType', 'Service'],
  ...['PassengerRefs', 'PassengerRef', 'PaxRefID', 'TotalAmount', 'BaseAmount', 'EquivAmount', 'TaxSummary', 'TotalTaxAmount', 'Taxes'],
  ...['Total', 'DetailCurrencyPrice', 'SimpleCurrencyPrice', 'EncodedCurrencyPrice', 'Surcharges', 'Surcharge', 'FareComponent'],
]

const PASSENGERS = ['PassengerRefs', 'PassengerRef', 'PaxRefID', 'PaxRefId']

/** Something sold in an offer, or bought in an order: for whom, at what price, with which flights. */
export type Item = {
  readonly id: string
  readonly element: XmlElement
  readonly pax: readonly string[]
  readonly flights: readonly string[]
  readonly prices: Prices
  /** 17.2 calls the price of an item its total; later versions call it a price, and some airlines mean one passenger's. */
  readonly isStatedTotal: boolean
  readonly details: readonly FareDetail[]
}

/** The fare of some passengers, with a price of its own or none. */
export type FareDetail = { readonly pax: readonly string[]; readonly prices: Prices; readonly components: readonly XmlElement[] }

/** The items of an offer that are bought with it: all but those that are offered beside it. */
export function readItems(offer: XmlElement, moneyOf: MoneyReader): readonly Item[] {
  const elements = all(offer, 'OfferItem').filter((item) => flag(value(item, 'MandatoryInd')) !== false)
  const items = elements.map((item) => readItem(item, 'OfferItemID', moneyOf))
  // Where some say that they belong to it and others, without flights, do not, the others were added by choice.
  return items.length < 2 ? items : items.filter((item) => item.flights.length > 0 || isMandatory(item) || !items.some(isMandatory))
}

function isMandatory(item: Item): boolean {
  return flag(value(item.element, 'MandatoryInd')) === true
}

/** One item of an offer or order. */
export function readItem(element: XmlElement, key: string, moneyOf: MoneyReader): Item {
  const services = all(element, 'Service')
  // One airline has the fares inside the price.
  const fares = [element, ...all(element, 'Price')].flatMap((one) => all(one, 'FareDetail'))
  const details = fares.map((detail): FareDetail => ({
    pax: refs(detail, ...PASSENGERS),
    prices: readPrices(any(detail, 'Price') ?? any(any(detail, 'FarePriceType'), 'Price'), moneyOf),
    components: all(detail, 'FareComponent'),
  }))
  const flown = services.filter((service) => !isAncillary(service))
  const stated = any(element, 'TotalPriceDetail', 'PriceDetail')
  return {
    id: value(element, key) ?? '',
    element,
    pax: [...new Set([...services, element].flatMap((one) => refs(one, ...PASSENGERS)).concat(details.flatMap((detail) => detail.pax)))],
    flights: [...refs(element, 'FlightRefs', 'FlightRef'), ...flown.flatMap(flightRefs)],
    prices: readPrices(stated ?? any(element, 'Price', 'TotalPrice'), moneyOf),
    isStatedTotal: stated !== undefined,
    details,
  }
}

/** What items cost together, and which passenger what. */
export type Fare = {
  readonly total: Money | null
  readonly base: Money | null
  readonly taxes: Money | null
  readonly passengers: readonly PassengerFare[]
}

/** Amounts, each of which is of `pax`: of all of them together, or of every one of them. */
type Line = { readonly pax: readonly string[]; readonly prices: Prices }

/**
 * The fare of an offer or order whose own price is `stated`, if it has one: that is what counts. Otherwise the items are
 * added up, but only when it is certain what they are the price of.
 */
export function readFare(
  items: readonly Item[],
  stated: Prices,
  scope: { readonly lists: Lists; readonly itineraries: Itineraries },
): Fare {
  const { lists } = scope
  const named = [...new Set(items.flatMap((item) => item.pax))]
  const everyone = named.length > 0 ? named : [...lists.travellers.keys()]
  // Who is not named is everybody.
  const countOf = (pax: readonly string[]): number =>
    (pax.length > 0 ? pax : everyone).reduce((sum, key) => sum + (lists.travellers.get(key)?.count ?? 1), 0)
  const total = stated.total ?? (isChoice(items, scope.itineraries) ? null : sumKnown(items.map((item) => totalOf(item, countOf))))
  const byType = countTypes(everyone, lists)
  if (!total) return { total: null, base: null, taxes: null, passengers: untold(byType) }
  const lines = splitUp(items, total, countOf)
  const base = stated.base ?? (lines ? sumKnown(lines.map((line) => line.prices.base)) : null)
  const taxes = stated.taxes ?? (lines ? sumKnown(lines.map((line) => line.prices.taxes)) : null)
  return {
    total,
    ...partsOf({ total, base, taxes }),
    passengers: (lines && shareOut(lines, byType, { lists, everyone })) ?? untold(byType),
  }
}

type Counts = ReadonlyMap<PassengerType, number>

function countTypes(pax: readonly string[], lists: Lists): Counts {
  const counts = new Map<PassengerType, number>()
  for (const key of pax) {
    const traveller = lists.travellers.get(key)
    if (traveller) counts.set(traveller.type, (counts.get(traveller.type) ?? 0) + traveller.count)
  }
  return counts
}

function untold(counts: Counts): readonly PassengerFare[] {
  return PASSENGER_TYPES.flatMap((type) => {
    const count = counts.get(type)
    return count ? [{ type, count, total: null, base: null, taxes: null }] : []
  })
}

/** What an item costs for all its passengers; null when it may be the price of one of them. */
function totalOf(item: Item, countOf: (pax: readonly string[]) => number): Money | null {
  const own = item.prices.total
  const details = item.details.filter((detail) => detail.prices.total !== null)
  const isWhole = details.length > 0 && details.length === item.details.length
  const each = isWhole ? sumKnown(details.map((detail) => multiplyMoney(detail.prices.total!, countOf(detail.pax)))) : null
  if (!own) return isWhole && details.every((detail) => countOf(detail.pax) === 1) ? each : null
  if (countOf(item.pax) <= 1 || item.isStatedTotal) return own
  return each && isSameMoney(each, own) && details.some((detail) => countOf(detail.pax) !== 1 || details.length > 1) ? own : null
}

/** Whether two items sell the same flight to the same passenger: then the offer is one of them, and nobody knows which. */
function isChoice(items: readonly Item[], { segmentsOf }: Itineraries): boolean {
  const seen = new Set<string>()
  for (const item of items) {
    for (const segment of segmentsOf(item.flights)) {
      for (const passenger of item.pax) {
        const key = `${segment} ${passenger}`
        if (seen.has(key)) return true
        seen.add(key)
      }
    }
  }
  return false
}

/**
 * The parts of the total by passengers: the fare details, else the items, for each passenger or for all of them,
 * whichever adds up to it. Undefined when nothing does.
 */
function splitUp(items: readonly Item[], total: Money, countOf: (pax: readonly string[]) => number): readonly Line[] | undefined {
  const fares = items.flatMap((item) => item.details).map(({ pax, prices }): Line => ({ pax, prices: withTotal(prices) }))
  const whole = items.map((item): Line => ({ pax: item.pax, prices: item.prices }))
  const each = (lines: readonly Line[]): readonly Line[] =>
    lines.map((line) => ({ pax: line.pax, prices: times(line.prices, countOf(line.pax)) }))
  return [each(fares), fares, whole, each(whole)].find((lines) => {
    const sum = sumKnown(lines.map((line) => line.prices.total))
    return sum !== null && isSameMoney(sum, total)
  })
}

/** Some fares are told as base and taxes only; whether there is nothing else shows when they are added up. */
function withTotal(prices: Prices): Prices {
  return prices.total ? prices : { ...prices, total: sumKnown([prices.base, prices.taxes]) }
}

function times(prices: Prices, factor: number): Prices {
  const many = (money: Money | null): Money | null => money && multiplyMoney(money, factor)
  return { total: many(prices.total), base: many(prices.base), taxes: many(prices.taxes) }
}

/** The lines by passenger type; undefined when a line is for passengers of several types, or for nobody we know. */
function shareOut(
  lines: readonly Line[],
  counts: Counts,
  { lists, everyone }: { readonly lists: Lists; readonly everyone: readonly string[] },
): readonly PassengerFare[] | undefined {
  const byType = new Map<PassengerType, Prices[]>()
  for (const line of lines) {
    const types = new Set((line.pax.length > 0 ? line.pax : everyone).map((key) => lists.travellers.get(key)?.type))
    const [type] = types
    if (types.size !== 1 || !type) return undefined
    byType.set(type, [...(byType.get(type) ?? []), line.prices])
  }
  return PASSENGER_TYPES.flatMap((type): readonly PassengerFare[] => {
    const count = counts.get(type)
    if (!count) return []
    const own = byType.get(type) ?? []
    const sum = (of: keyof Prices): Money | null => sumKnown(own.map((prices) => prices[of]))
    return [{ type, count, total: sum('total'), ...partsOf({ total: sum('total'), base: sum('base'), taxes: sum('taxes') }) }]
  })
}

/** Base and taxes as far as they can be told: together they must not be anything but the total. */
function partsOf({ total, base, taxes }: Prices): { readonly base: Money | null; readonly taxes: Money | null } {
  if (!total || !base || !taxes) return { base, taxes }
  const isWhole = base.currency === taxes.currency && base.currency === total.currency && base.amount + taxes.amount === total.amount
  return { base, taxes: isWhole ? taxes : null }
}
