import { compareMoney, money, parseMoney, subtractMoney, sumMoney, type Money } from '../../kernel/money.ts'
import type { StayCharge } from '../../travel/stay.ts'
import type { WireCharge, WirePricing } from './wire.ts'

/** The price of all rooms together. `billable` is the same in the currency Expedia bills, null when it is not stated. */
export type StayPrice = {
  readonly total: Money
  readonly billable: Money | null
  readonly charges: readonly StayCharge[]
  /** What each night costs in the billed currency, all rooms together; empty when that is not stated for every room. */
  readonly nights: readonly Money[]
}

/** An amount and its currency in words of theirs, or null when either is missing. Throws a RangeError for nonsense. */
export function toMoney(value: string | number | null | undefined, currency: string | null | undefined): Money | null {
  return value === null || value === undefined || value === '' || !currency ? null : parseMoney(String(value), currency)
}

/**
 * The price of a stay out of the pricing of each of its rooms: the inclusive total in the currency asked for, which is
 * what the rate costs without what the property takes, or in the billed one where only that is stated. Throws a
 * RangeError when the rooms have no currency in common.
 */
export function toPrice(rooms: readonly WirePricing[]): StayPrice {
  const inclusive = rooms.map(({ totals }) => totals.inclusive)
  const total = sumOf(inclusive, 'request_currency') ?? sumOf(inclusive, 'billable_currency')
  if (!total) throw new RangeError('the rooms have no total in a common currency')
  const taxes = taxesOf(rooms, total)
  return {
    total,
    billable: sumOf(inclusive, 'billable_currency'),
    charges: [
      ...(taxes ? [{ kind: 'tax' as const, name: 'Taxes and fees', amount: taxes, due: 'booking' as const }] : []),
      ...FEES.flatMap(([field, kind, name]) => {
        const stated = rooms.flatMap(({ fees }) => fees?.[field] ?? [])
        return stated.length > 0 ? [{ kind, name, amount: sumIn(stated, total.currency), due: 'property' as const }] : []
      }),
    ],
    nights: nightsOf(rooms),
  }
}

/**
 * The sum of charges, where all are stated in a common currency: the one asked for, or the billed one. Throws a
 * RangeError for amounts that are none.
 */
export function findTotal(charges: readonly (WireCharge | null | undefined)[]): Money | null {
  const stated = allOf(charges)
  return stated && (sumOf(stated, 'request_currency') ?? sumOf(stated, 'billable_currency'))
}

/** The same in the billed currency only. */
export function findBillable(charges: readonly (WireCharge | null | undefined)[]): Money | null {
  const stated = allOf(charges)
  return stated && sumOf(stated, 'billable_currency')
}

function allOf(charges: readonly (WireCharge | null | undefined)[]): readonly WireCharge[] | null {
  const stated = charges.filter((charge) => charge !== null && charge !== undefined)
  return stated.length > 0 && stated.length === charges.length ? stated : null
}

/** As much of `whole` as `part` is of `of`: a penalty rounds up, a refund down. Null where there is nothing to divide by. */
export function proportionOf(whole: Money, { part, of, rounding }: { part: Money; of: Money; rounding: 'up' | 'down' }): Money | null {
  if (part.currency !== of.currency || of.amount <= 0 || part.amount < 0 || whole.amount < 0) return null
  const product = BigInt(whole.amount) * BigInt(part.amount)
  return money(Number((product + (rounding === 'up' ? BigInt(of.amount) - 1n : 0n)) / BigInt(of.amount)), whole.currency)
}

const FEES = [
  ['mandatory_fee', 'fee', 'Mandatory fee'],
  ['resort_fee', 'resort_fee', 'Resort fee'],
  ['mandatory_tax', 'tax', 'Mandatory tax'],
] as const

type Side = 'request_currency' | 'billable_currency'

function sumOf(charges: readonly WireCharge[], side: Side): Money | null {
  const amounts = charges.flatMap((charge) => toMoney(charge[side]?.value, charge[side]?.currency) ?? [])
  const [first] = amounts
  if (!first || amounts.length < charges.length || amounts.some(({ currency }) => currency !== first.currency)) return null
  return sumMoney(amounts, first.currency)
}

/** In the currency of the total where that is stated, else as the property will take it, else not in an amount. */
function sumIn(charges: readonly WireCharge[], currency: string): Money | null {
  const requested = sumOf(charges, 'request_currency')
  return requested?.currency === currency ? requested : (sumOf(charges, 'billable_currency') ?? requested)
}

function taxesOf(rooms: readonly WirePricing[], total: Money): Money | null {
  const exclusive = findTotal(rooms.map(({ totals }) => totals.exclusive))
  if (exclusive?.currency !== total.currency || compareMoney(exclusive, total) >= 0) return null
  return subtractMoney(total, exclusive)
}

/** Night by night, from the lists of charges that each room has for each night. */
function nightsOf(rooms: readonly WirePricing[]): Money[] {
  const perRoom = rooms.map(({ nightly }) => (Array.isArray(nightly) ? nightly.map((night: unknown) => nightOf(night)) : []))
  const count = perRoom[0]?.length ?? 0
  const currency = perRoom[0]?.[0]?.currency
  if (!currency || perRoom.some((nights) => nights.length !== count || nights.some((night) => night?.currency !== currency))) return []
  return Array.from({ length: count }, (_, night) =>
    sumMoney(
      perRoom.flatMap((nights) => nights[night] ?? []),
      currency,
    ),
  )
}

function nightOf(night: unknown): Money | null {
  if (!Array.isArray(night) || night.length === 0) return null
  const amounts = night.map((charge: unknown) => {
    const { value, currency } = (charge ?? {}) as { value?: unknown; currency?: unknown }
    return (typeof value === 'string' || typeof value === 'number') && typeof currency === 'string' ? toMoney(value, currency) : null
  })
  const [first] = amounts
  if (!first || amounts.some((amount) => amount?.currency !== first.currency)) return null
  return sumMoney(
    amounts.flatMap((amount) => amount ?? []),
    first.currency,
  )
}
