import { isSameMoney, subtractMoney, type Money } from '../../kernel/money.ts'
import { child, children, type XmlElement } from '../../platform/xml.ts'
import type { CabinClass, PassengerFare } from '../../travel/flight.ts'
import { readDescription, readPenaltyRemarks, readRemarks, type Terms } from './read-penalties.ts'
import { malformed, readMoneyOrNull, readNamedDate, sumKnown, textAt, timesKnown } from './read-values.ts'
import { toCabin, toPassengerType } from './wire.ts'

/** The terms under a mini rule reference, if the reply has them. */
export type TermsReader = (reference: string | undefined) => Terms | undefined

/** What is bought on one leg. */
export type Bought = {
  readonly cabin: CabinClass | null
  readonly bookingClass: string | null
  readonly fareBasis: string | null
  /** A reference into the list of fare families. */
  readonly family: string | undefined
}

/** What a recommendation's paxFareProducts say, apart from which flights they are for. */
export type Product = {
  /** One for each passenger type. */
  readonly fares: readonly PassengerFare[]
  /** The number of the first traveller of each of them. */
  readonly travellers: readonly (string | undefined)[]
  readonly validatingCarrier: string | null
  readonly terms: Terms
  readonly lastTicketingAt: string | null
  /** What the first passenger type buys on a leg of a slice, both counted from 0. */
  readonly boughtOn: (slice: number, leg: number) => Bought | undefined
  /** The fare basis of a segment, counted through the journey; null where passenger types differ. */
  readonly commonFareBasis: (segment: number, basis: string | null) => string | null
}

/** What the recommendation around the fares says: its total, the terms under its mini rule, and the fare family of all its flights. */
type Frame = { readonly total: Money; readonly currency: string; readonly terms: Terms | undefined; readonly family: string | undefined }

/** Reads the paxFareProducts of a recommendation whose total is known. */
export function readProducts(products: readonly XmlElement[], { total, currency, terms, family }: Frame): Product {
  const first = products[0]
  if (!first) throw malformed('a recommendation has no paxFareProduct')
  const bought = products.map((product) => readFareDetails(product, family))
  const flat = bought.map((slices) => slices.flat())
  const detail = child(first, 'paxFareDetail')
  const companies = children(detail, 'codeShareDetails')
  const validating = companies.find((one) => textAt(one, 'transportStageQualifier') === 'V') ?? undefined
  const parts = readPassengers(products, total, currency)
  return {
    fares: parts.map((one) => one.fare),
    travellers: parts.map((one) => one.traveller),
    validatingCarrier: textAt(validating, 'company') ?? null,
    terms: terms ?? readRemarks(dedupe(products.flatMap((product) => readPenaltyRemarks(children(product, 'fare'), currency)))),
    lastTicketingAt: readLastTicketing(products),
    boughtOn: (slice, leg) => bought[0]![slice]?.[leg],
    commonFareBasis: (segment, basis) =>
      flat.slice(1).some((own) => own[segment] !== undefined && own[segment].fareBasis !== basis) ? null : basis,
  }
}

function dedupe<T extends { readonly text: string }>(remarks: readonly T[]): readonly T[] {
  return [...new Map(remarks.map((remark) => [remark.text, remark])).values()]
}

/** By slice in the order of their segment references, and in it by leg. */
function readFareDetails(product: XmlElement, common: string | undefined): readonly (readonly Bought[])[] {
  const slices: (readonly Bought[])[] = []
  children(product, 'fareDetails').forEach((details, index) => {
    const reference = Number(textAt(details, 'segmentRef', 'segRef') ?? index + 1)
    const slice = Number.isSafeInteger(reference) && reference > 0 && reference < 20 ? reference - 1 : index
    slices[slice] = children(details, 'groupOfFares').map((group) => readBought(group, common))
  })
  return Array.from(slices, (slice) => slice ?? [])
}

function readBought(group: XmlElement, common: string | undefined): Bought {
  const product = child(group, 'productInformation')
  const cabin = child(product, 'cabinProduct')
  const family = children(child(group, 'fareFamiliesRef'), 'referencingDetail')[0]
  return {
    cabin: toCabin(textAt(cabin, 'cabin')),
    bookingClass: textAt(cabin, 'rbd') ?? null,
    fareBasis: textAt(product, 'fareProductDetail', 'fareBasis') ?? null,
    family: textAt(family, 'refNumber') ?? common,
  }
}

type Part = { readonly fare: PassengerFare; readonly traveller: string | undefined }

/**
 * Each paxFareProduct is the price of one passenger of a type; how many there are of it is counted by its travellers. Should a
 * release put the price of all of them there, the total shows it. If neither adds up, only the total is certain.
 */
function readPassengers(products: readonly XmlElement[], total: Money, currency: string): readonly Part[] {
  const read = products.flatMap((product) => {
    const detail = child(product, 'paxFareDetail')
    const unit = readMoneyOrNull(textAt(detail, 'totalFareAmount'), currency)
    const taxes = readMoneyOrNull(textAt(detail, 'totalTaxAmount'), currency)
    return children(product, 'paxReference').map((reference) => {
      const travellers = children(reference, 'traveller')
      return {
        type: toPassengerType(textAt(reference, 'ptc') ?? 'ADT'),
        count: Math.max(1, travellers.length),
        unit,
        taxes,
        traveller: textAt(travellers[0], 'ref'),
      }
    })
  })
  const adds = (amounts: readonly (Money | null)[]): boolean => {
    const sum = sumKnown(amounts, currency)
    return sum !== null && isSameMoney(sum, total)
  }
  const isEach = adds(read.map((one) => timesKnown(one.unit, one.count)))
  const isAll = !isEach && adds(read.map((one) => one.unit))
  const parts = read.map(({ type, count, unit, taxes, traveller }): Part => {
    const times = isEach ? count : 1
    const whole = isEach || isAll ? timesKnown(unit, times) : null
    const levied = whole ? timesKnown(taxes, times) : null
    const base = whole && levied && levied.amount <= whole.amount ? subtractMoney(whole, levied) : null
    return { fare: { type, count, total: whole, base, taxes: levied }, traveller }
  })
  return mergeTypes(parts, currency)
}

/** Two codes can mean one type (CH and INS are both children): one line for each type. */
function mergeTypes(parts: readonly Part[], currency: string): readonly Part[] {
  const types = [...new Set(parts.map((part) => part.fare.type))]
  if (types.length === parts.length) return parts
  return types.map((type) => {
    const same = parts.filter((part) => part.fare.type === type)
    if (same.length === 1) return same[0]!
    const sum = (of: (fare: PassengerFare) => Money | null): Money | null =>
      sumKnown(
        same.map((part) => of(part.fare)),
        currency,
      )
    return {
      fare: {
        type,
        count: same.reduce((count, part) => count + part.fare.count, 0),
        total: sum((fare) => fare.total),
        base: sum((fare) => fare.base),
        taxes: sum((fare) => fare.taxes),
      },
      traveller: same[0]!.traveller,
    }
  })
}

/** "LAST TKT DTE", "25SEP16", " - SEE ADV PURCHASE": the earliest date that any passenger's fare states. */
function readLastTicketing(products: readonly XmlElement[]): string | null {
  const dates = products.flatMap((product) =>
    children(product, 'fare').flatMap((fare) => {
      const message = child(fare, 'pricingMessage')
      if (textAt(message, 'freeTextQualification', 'textSubjectQualifier') !== 'LTD') return []
      return readNamedDate(readDescription(message)) ?? []
    }),
  )
  return dates.toSorted()[0] ?? null
}
