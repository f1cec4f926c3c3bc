import { isSameMoney, type Money } from '../../kernel/money.ts'
import type { PassengerFare, Penalty } from '../../travel/flight.ts'
import type { PassengerType } from '../../travel/passenger.ts'
import { attribute, child, children, childText, type XmlElement } from '../../platform/xml.ts'
import { malformed, readCount, readFlag, readMoneyOrNull, readPrices, sumKnown, timesKnown } from './read-values.ts'
import type { MoneyReader, Prices } from './read-values.ts'
import { toPassengerType } from './wire.ts'

/** The fare of one passenger type: one AirPricingInfo, or several where legs are priced apart. */
export type FareGroup = { readonly type: PassengerType; readonly count: number; readonly infos: readonly XmlElement[] }

/** What a solution's AirPricingInfos say, apart from which flights they are for. */
export type FareFacts = {
  readonly passengers: readonly PassengerFare[]
  readonly validatingCarrier: string | null
  readonly refundable: boolean | null
  readonly changeable: boolean | null
  readonly penalties: readonly Penalty[]
  readonly lastTicketingAt: string | null
}

/** Sorts a solution's AirPricingInfos by passenger type, in the order of the message. */
export function groupFares(infos: readonly XmlElement[]): readonly FareGroup[] {
  if (infos.length === 0) throw malformed('a priced solution has no AirPricingInfo')
  const groups = new Map<string, { type: PassengerType; count: number; infos: XmlElement[] }>()
  for (const info of infos) {
    const passengers = children(info, 'PassengerType')
    const code = attribute(passengers[0], 'Code') ?? 'ADT'
    const group = groups.get(code)
    if (group) group.infos.push(info)
    else
      groups.set(code, {
        type: toPassengerType(code, readCount(attribute(passengers[0], 'Age'))),
        count: Math.max(1, passengers.length),
        infos: [info],
      })
  }
  return [...groups.values()]
}

/** The facts of a solution whose total is `total`. */
export function readFareFacts(groups: readonly FareGroup[], total: Money, moneyOf: MoneyReader = readMoneyOrNull): FareFacts {
  const first = groups[0]!.infos[0]!
  const penalties = readPenalties(first, moneyOf)
  const change = penalties.find(({ kind }) => kind === 'change')
  return {
    passengers: readPassengers(groups, total, moneyOf),
    validatingCarrier: attribute(first, 'PlatingCarrier') ?? null,
    refundable: readFlagOfAll(groups, 'Refundable'),
    changeable: readFlagOfAll(groups, 'Exchangeable') ?? change?.allowed ?? null,
    penalties,
    lastTicketingAt: attribute(first, 'LatestTicketingTime') ?? null,
  }
}

/** The penalties before departure of an AirPricingInfo, for changing and for refunding. */
export function readPenalties(info: XmlElement, moneyOf: MoneyReader = readMoneyOrNull): readonly Penalty[] {
  const change = readPenalty(info, 'change', 'ChangePenalty', moneyOf)
  const refund = readPenalty(info, 'refund', 'CancelPenalty', moneyOf)
  const penalties: Penalty[] = []
  if (change !== null) penalties.push(change)
  if (refund !== null) penalties.push(refund)
  return penalties
}

/** False when one is false, true when all are true, else unknown. */
function readFlagOfAll(groups: readonly FareGroup[], name: string): boolean | null {
  let all: true | null = true
  for (const { infos } of groups) {
    for (const info of infos) {
      const flag = readFlag(attribute(info, name))
      if (flag === false) return false
      if (flag === null) all = null
    }
  }
  return all
}

/**
 * Each AirPricingInfo is the price of one passenger; how many there are of it is counted by its PassengerTypes. Should
 * a host put the price of all of them there, the solution's total shows it. If neither adds up, only the total is certain.
 */
function readPassengers(groups: readonly FareGroup[], total: Money, moneyOf: MoneyReader): readonly PassengerFare[] {
  const priced = groups.map((group) => ({ group, prices: sumPrices(group.infos.map((info) => readPrices(info, moneyOf))) }))
  const each = priced.map(({ group, prices }) => timesKnown(prices?.total ?? null, group.count))
  const perPassenger = addsUp(each, total)
  const together = perPassenger ? each : priced.map(({ prices }) => prices?.total ?? null)
  const fares = priced.map(({ group, prices }): PassengerFare => {
    const { type, count } = group
    if (!prices || !(perPassenger || addsUp(together, total))) return { type, count, total: null, base: null, taxes: null }
    const times = perPassenger ? count : 1
    return {
      type,
      count,
      total: timesKnown(prices.total, times),
      base: timesKnown(prices.base, times),
      taxes: timesKnown(prices.taxes, times),
    }
  })
  return mergeTypes(fares, total.currency)
}

function addsUp(totals: readonly (Money | null)[], total: Money): boolean {
  const sum = sumKnown(totals, total.currency)
  return sum !== null && isSameMoney(sum, total)
}

function sumPrices(prices: readonly Prices[]): Prices | null {
  if (prices.length === 1) return prices[0]!
  const currency = prices[0]!.total.currency
  const total = sumKnown(
    prices.map((one) => one.total),
    currency,
  )
  if (!total) return null
  return {
    total,
    base: sumKnown(
      prices.map((one) => one.base),
      currency,
    ),
    taxes: sumKnown(
      prices.map((one) => one.taxes),
      currency,
    ),
  }
}

/** Two codes can mean one type (CNN and INS are both children): one line for each type. */
function mergeTypes(fares: readonly PassengerFare[], currency: string): readonly PassengerFare[] {
  if (fares.length === 1) return fares
  const types = [...new Set(fares.map((fare) => fare.type))]
  return types.map((type) => {
    const same = fares.filter((fare) => fare.type === type)
    if (same.length === 1) return same[0]!
    const sum = (of: (fare: PassengerFare) => Money | null): Money | null => sumKnown(same.map(of), currency)
    return {
      type,
      count: same.reduce((count, fare) => count + fare.count, 0),
      total: sum((f) => f.total),
      base: sum((f) => f.base),
      taxes: sum((f) => f.taxes),
    }
  })
}

/**
 * The penalty before departure. An amount means it is allowed at that price; 100 per cent means all is forfeited, which
 * is not allowed; another share is allowed at an amount that the message does not say.
 */
function readPenalty(info: XmlElement, kind: Penalty['kind'], name: string, moneyOf: MoneyReader): Penalty | null {
  const penalty = info.children.find((one) => one.name === name && isBeforeDeparture(one))
  if (!penalty) return null
  const amount = moneyOf(childText(penalty, 'Amount'))
  if (amount) return { kind, allowed: true, amount }
  const share = Number.parseFloat(childText(penalty, 'Percentage') ?? '')
  return { kind, allowed: Number.isFinite(share) ? share < 100 : null, amount: null }
}

function isBeforeDeparture(penalty: XmlElement): boolean {
  return attribute(penalty, 'PenaltyApplies') !== 'After Departure' && attribute(penalty, 'NoShow') !== 'true'
}

/** The display name of a fare's brand: its own, or the one that the reply's BrandList has under its id. */
export function readBrand(fareInfo: XmlElement | undefined, names: ReadonlyMap<string, string>): string | null {
  const brand = child(fareInfo, 'Brand')
  return attribute(brand, 'Name') ?? names.get(attribute(brand, 'BrandID') ?? '') ?? null
}

/** The names of a reply's BrandList by id. */
export function readBrandNames(reply: XmlElement): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const brand of children(child(reply, 'BrandList'), 'Brand')) {
    const id = attribute(brand, 'BrandID')
    const title =
      attribute(brand, 'Name') ??
      children(brand, 'Title').find((one) => attribute(one, 'Type') === 'External')?.text ??
      childText(brand, 'Title')
    if (id !== undefined && title) names.set(id, title)
  }
  return names
}
