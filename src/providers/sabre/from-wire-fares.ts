import { addMoney, isSameMoney, multiplyMoney, sumMoney, type Money } from '../../kernel/money.ts'
import type { Baggage, CabinClass, PassengerFare, Penalty } from '../../travel/flight.ts'
import { PASSENGER_TYPES, type PassengerType } from '../../travel/passenger.ts'
import { findAmount } from './from-wire-amounts.ts'
import { readPenalties, refundableOf, changeableOf } from './from-wire-penalties.ts'
import { toObject, toObjects, toText, toWhole, type JsonObject } from './json.ts'

/** The lists that fares refer into. */
export type FareLists = { readonly components: ReadonlyMap<number, JsonObject>; readonly allowances: ReadonlyMap<number, JsonObject> }

/** What a fare says about one flight. */
export type Coupon = {
  readonly cabin: CabinClass | null
  readonly bookingClass: string | null
  readonly fareBasis: string | null
  readonly brand: string | null
  readonly brandCode: string | null
  /** True where it is sold only together with the flight before it. */
  readonly married: boolean
}

/** One passenger type's fare: the price of all its passengers, and what it says about each flight in the order flown. */
export type TypeFare = {
  readonly code: string
  readonly type: PassengerType
  readonly count: number
  /** For one passenger. */
  readonly total: Money | null
  readonly base: Money | null
  readonly taxes: Money | null
  readonly coupons: readonly Coupon[] | null
  /** Per flight; an empty list says nothing about it. */
  readonly baggage: readonly (readonly Baggage[])[]
  readonly refundable: boolean | null
  readonly changeable: boolean | null
  readonly penalties: readonly Penalty[]
}

/** Reads the fares of all passenger types, whose prices add up to `total`. Throws a RangeError when one could not be priced. */
export function readTypeFares(fare: JsonObject, total: Money, flightCount: number, lists: FareLists): readonly TypeFare[] {
  const infos = toObjects(fare['passengerInfoList']).flatMap((entry) => {
    if (entry['passengerNotAvailableInfo'] !== undefined) throw new RangeError('a passenger type could not be priced')
    const info = toObject(entry['passengerInfo'])
    return toText(info['passengerType']) === null ? [] : [info]
  })
  if (infos.length === 0) throw new RangeError('a price is for nobody')
  const counts = countsOf(infos, total)
  return infos.map((info, index) => readTypeFare(info, counts[index]!, flightCount, lists))
}

/**
 * How many passengers each entry is for. Versions of the response say it in different places; the one with which the
 * prices add up to the total is right, and without any the first.
 */
function countsOf(infos: readonly JsonObject[], total: Money): readonly number[] {
  const readings = [
    (info: JsonObject) => toWhole(info['passengerNumber']),
    (info: JsonObject) => toWhole(info['total']),
    (info: JsonObject) => toObjects(info['passengers']).length || null,
  ].map((read) => infos.map((info) => Math.min(99, Math.max(1, read(info) ?? 1))))
  const addsUp = (counts: readonly number[]): boolean => {
    const parts = infos.map((info, index) => {
      const price = toObject(info['passengerTotalFare'])
      const each = findAmount(price['totalFare'], price['currency'])
      return each && each.currency === total.currency ? multiplyMoney(each, counts[index]!) : null
    })
    return parts.every((part) => part !== null) && isSameMoney(sumMoney(parts, total.currency), total)
  }
  return readings.find(addsUp) ?? readings[0]!
}

function readTypeFare(info: JsonObject, count: number, flightCount: number, lists: FareLists): TypeFare {
  const code = toText(info['passengerType'])!.toUpperCase()
  const price = toObject(info['passengerTotalFare'])
  const currency = price['currency']
  const penalties = readPenalties(info)
  return {
    code,
    type: passengerTypeOf(code),
    count,
    total: findAmount(price['totalFare'], currency),
    base: readBase(price, currency),
    taxes: findAmount(price['totalTaxAmount'], currency),
    coupons: readCoupons(info, flightCount, lists.components),
    baggage: readBaggage(info, flightCount, lists.allowances),
    refundable: refundableOf(info, penalties),
    changeable: changeableOf(penalties),
    penalties,
  }
}

/** The fare in the currency of the total: it may have been filed in another one, and then the equivalent counts. */
export function readBase(price: JsonObject, currency: unknown): Money | null {
  if (price['equivalentCurrency'] === currency && price['equivalentAmount'] !== undefined)
    return findAmount(price['equivalentAmount'], currency)
  return price['baseFareCurrency'] === currency || price['baseFareCurrency'] === undefined
    ? findAmount(price['baseFareAmount'], currency)
    : null
}

const CHILD = /^(C\d\d|CNN|CHD|CNE|J\d\d|JNN|INN|I\d\d|INS|UNN|UNM|P\d\d|LNN|F\d\d)$/
const LAP_INFANT = /^(INF|JNF|ITF|INY|LIF)$/

/** Sabre's type as ours. INS is an infant with a seat, which pays and sits like a child; special fares are adults' fares. */
export function passengerTypeOf(code: string): PassengerType {
  if (LAP_INFANT.test(code)) return 'infant'
  return CHILD.test(code) ? 'child' : 'adult'
}

const CABINS: Readonly<Record<string, CabinClass>> = {
  Y: 'economy',
  M: 'economy',
  S: 'premium_economy',
  W: 'premium_economy',
  C: 'business',
  J: 'business',
  F: 'first',
  P: 'first',
}

/** Cabin codes of Bargain Finder Max; J and P are "premium" business and first. */
export function cabinOf(code: string | null): CabinClass | null {
  return code !== null && Object.hasOwn(CABINS, code) ? CABINS[code]! : null
}

/**
 * What the fare components say, flight by flight: each lists its segments in the order flown, surface sectors between
 * them. Null when they are not as many as the flights, because then it is not certain which is which.
 */
function readCoupons(info: JsonObject, flightCount: number, components: ReadonlyMap<number, JsonObject>): readonly Coupon[] | null {
  const coupons = toObjects(info['fareComponents']).flatMap((component) => {
    const description = components.get(toWhole(component['ref']) ?? Number.NaN) ?? {}
    const brand = toObject(description['brand'])
    let breaksBefore = true
    return toObjects(component['segments']).flatMap((entry) => {
      if (entry['segment'] === undefined) {
        breaksBefore = true
        return []
      }
      const segment = toObject(entry['segment'])
      const married = !breaksBefore
      breaksBefore = segment['availabilityBreak'] === true
      return [
        {
          cabin: cabinOf(toText(segment['cabinCode']) ?? toText(description['cabinCode'])),
          bookingClass: toText(segment['bookingCode']),
          fareBasis: toText(description['fareBasisCode']),
          brand: toText(brand['brandName']) ?? toText(brand['code']),
          brandCode: toText(brand['code']),
          married,
        },
      ]
    })
  })
  return coupons.length === flightCount ? coupons : null
}

const POUND_KG = 0.453_592_37

/** Allowances by flight. Only those of checked (A) and cabin (B) bags: charges and embargoes say nothing of what is included. */
function readBaggage(info: JsonObject, flightCount: number, allowances: ReadonlyMap<number, JsonObject>): readonly (readonly Baggage[])[] {
  const bags: Baggage[][] = Array.from({ length: flightCount }, () => [])
  for (const entry of toObjects(info['baggageInformation'])) {
    const kind = entry['provisionType'] === 'A' ? 'checked' : entry['provisionType'] === 'B' ? 'carry_on' : null
    const allowance = allowances.get(toWhole(toObject(entry['allowance'])['ref']) ?? Number.NaN)
    const bag = kind && allowance ? readAllowance(kind, allowance) : null
    if (!bag) continue
    for (const segment of toObjects(entry['segments'])) bags[toWhole(segment['id']) ?? -1]?.push(bag)
  }
  return bags
}

/** "2 pieces", "20 kg", or pieces described as "UP TO 50 POUNDS/23 KILOGRAMS"; null when it says neither. */
function readAllowance(kind: Baggage['kind'], allowance: JsonObject): Baggage | null {
  const pieces = toWhole(allowance['pieceCount'])
  const weight = toWhole(allowance['weight'])
  const described = `${toText(allowance['description1']) ?? ''} ${toText(allowance['description2']) ?? ''}`
  const kilograms = /(\d{1,3})\s*(?:KILOGRAMS?|KGS?)\b/i.exec(described)?.[1]
  const inPounds = /^(lb|pound)/i.test(toText(allowance['unit']) ?? '')
  const weightKg =
    weight !== null ? (inPounds ? Math.round(weight * POUND_KG) : weight) : kilograms === undefined ? null : Number(kilograms)
  if (pieces === null && weightKg === null) return null
  return { kind, pieces, weightKg: pieces === 0 ? null : weightKg }
}

/**
 * What passengers of each type pay together. The message states the price of one of them; where the sum is not the
 * offer's total, the shares are not known and are not made up.
 */
export function toPassengerFares(fares: readonly TypeFare[], total: Money): readonly PassengerFare[] {
  const sums = fares.map((fare) => (fare.total && fare.total.currency === total.currency ? multiplyMoney(fare.total, fare.count) : null))
  const isWhole = sums.every((sum) => sum !== null) && isSameMoney(sumMoney(sums, total.currency), total)
  const lead = fares[0]!
  return PASSENGER_TYPES.flatMap((type) => {
    const own = fares.filter((fare) => fare.type === type)
    if (own.length === 0) return []
    const add = (pick: (fare: TypeFare) => Money | null): Money | null => {
      const parts = own.map((fare) => {
        const part = pick(fare)
        return part && part.currency === total.currency ? multiplyMoney(part, fare.count) : null
      })
      return isWhole && parts.every((part) => part !== null) ? parts.reduce((sum, part) => addMoney(sum, part)) : null
    }
    const price = { total: add((fare) => fare.total), base: add((fare) => fare.base), taxes: add((fare) => fare.taxes) }
    const adds = price.total && price.base && price.taxes && isSameMoney(addMoney(price.base, price.taxes), price.total)
    return [
      {
        type,
        count: own.reduce((count, fare) => count + fare.count, 0),
        total: price.total,
        base: adds ? price.base : null,
        taxes: adds ? price.taxes : null,
        baggage: JSON.stringify(own[0]!.baggage) === JSON.stringify(lead.baggage) ? null : own[0]!.baggage,
      },
    ]
  })
}
