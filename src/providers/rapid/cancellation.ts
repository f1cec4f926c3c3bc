import { compareMoney, money, multiplyMoney, shareOf, sumMoney, type Money } from '../../kernel/money.ts'
import { daysBetween, isLocalDate, parseInstant, plusDays, type Instant, type LocalDate } from '../../kernel/time.ts'
import type { CancellationStep } from '../../travel/stay.ts'
import { proportionOf, toMoney, type StayPrice } from './amounts.ts'
import type { WireDateRange, WirePenalty } from './wire.ts'

/** What a rate says about giving it back; kept in the offer's token, because a price check does not repeat it. */
export type CancellationTerms = {
  readonly refundable: boolean | null
  readonly penalties: readonly WirePenalty[]
  /** Nights in these ranges are never refunded, whatever the penalties say. */
  readonly nonrefundable: readonly WireDateRange[]
}

export type Stay = { readonly checkIn: LocalDate; readonly checkOut: LocalDate; readonly rooms: number }

/**
 * The timeline of penalties in amounts. Before the first window a refundable rate costs nothing to cancel, one that is
 * not costs all of it, and one that does not say costs an amount nobody knows. Between two windows the earlier goes on:
 * they follow each other by the minute.
 */
export function toCancellation(
  { refundable, penalties, nonrefundable }: CancellationTerms,
  price: StayPrice,
  stay: Stay | null,
): { refundable: boolean | null; cancellation: readonly CancellationStep[] | null } {
  if (refundable === null && penalties.length === 0) return { refundable, cancellation: null }
  const hasLostNights = stay !== null && nonrefundable.some((range) => isWithin(range, stay))
  const first: Money | null = refundable === null ? null : refundable ? money(0, price.total.currency) : price.total
  const windows = penalties
    .flatMap((penalty) => {
      const from = findInstant(penalty.start)
      return from === null ? [] : [{ from, penalty: amountOf(penalty, price, stay) }]
    })
    .toSorted((a, b) => a.from - b.from)
  // Two windows that begin together both apply: the dearer one is what it costs, and an unknown one is unknown.
  const steps = windows.reduce<{ from: Instant; penalty: Money | null }[]>((list, window) => {
    const last = list.at(-1)
    if (last?.from !== window.from) return [...list, window]
    return [...list.slice(0, -1), { from: last.from, penalty: dearer(last.penalty, window.penalty) }]
  }, [])
  // A window without a beginning could apply at any time.
  const isVague = windows.length < penalties.length
  const timeline: CancellationStep[] = [{ from: null, penalty: isVague && refundable !== false ? null : first }, ...steps]
  if (!hasLostNights) return { refundable: isVague && refundable ? null : refundable, cancellation: withoutRepeats(timeline) }
  const isAll = (penalty: Money | null): boolean => penalty !== null && penalty.amount >= price.total.amount
  const lost = timeline.map(({ from, penalty }) => ({ from, penalty: isAll(penalty) ? penalty : null }))
  return { refundable: false, cancellation: withoutRepeats(lost) }
}

/** A step that costs what the one before it costs is none. */
function withoutRepeats(timeline: readonly CancellationStep[]): readonly CancellationStep[] {
  return timeline.filter(({ penalty }, index) => {
    const before = timeline[index - 1]
    return !before || penalty?.amount !== before.penalty?.amount
  })
}

/** A point in time with its offset, or null when it is missing or none. */
export function findInstant(text: string | null | undefined): Instant | null {
  if (!text) return null
  try {
    return parseInstant(text)
  } catch {
    return null
  }
}

/** Never more than the stay costs. A rate's amount is for one room; percent and nights are of all. */
function amountOf(penalty: WirePenalty, price: StayPrice, stay: Stay | null): Money | null {
  const amounts = [
    percentOf(penalty.percent, price.total),
    firstNights(penalty.nights, price, stay),
    inTotalCurrency(penalty, price, stay),
  ].filter((amount) => amount !== undefined)
  if (amounts.length === 0) return null
  const highest = amounts.reduce(dearer)
  return highest && compareMoney(highest, price.total) > 0 ? price.total : highest
}

function percentOf(percent: string | number | null | undefined, total: Money): Money | null | undefined {
  if (percent === null || percent === undefined || percent === '') return undefined
  const match = /^(\d{1,3})(?:\.(\d{1,2})0*)?\s*%?$/.exec(String(percent).trim())
  return match ? shareOf(total, Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')), 'up') : null
}

/** The first nights as they are priced, or an equal share of the total where nights have no price of their own. */
function firstNights(nights: string | number | null | undefined, price: StayPrice, stay: Stay | null): Money | null | undefined {
  if (nights === null || nights === undefined || nights === '') return undefined
  const count = Number(nights)
  if (!Number.isSafeInteger(count) || count < 0) return null
  const length = stay ? daysBetween(stay.checkIn, stay.checkOut) : price.nights.length
  if (count >= length) return length > 0 ? price.total : null
  const [first] = price.nights
  const priced = first && price.billable && sumMoney(price.nights.slice(0, count), first.currency)
  if (priced && price.billable) {
    if (priced.currency === price.total.currency) return priced
    const converted = proportionOf(price.total, { part: priced, of: price.billable, rounding: 'up' })
    if (converted) return converted
  }
  return proportionOf(price.total, { part: money(count, price.total.currency), of: money(length, price.total.currency), rounding: 'up' })
}

function inTotalCurrency({ amount, currency }: WirePenalty, price: StayPrice, stay: Stay | null): Money | null | undefined {
  const stated = toMoney(amount, currency ?? price.total.currency)
  if (!stated) return undefined
  const whole = multiplyMoney(stated, stay?.rooms ?? 1)
  if (whole.currency === price.total.currency) return whole
  return price.billable && proportionOf(price.total, { part: whole, of: price.billable, rounding: 'up' })
}

function dearer(a: Money | null, b: Money | null): Money | null {
  if (!a || !b) return null
  return compareMoney(a, b) >= 0 ? a : b
}

/** Whether a night of the stay lies in the range, both its ends included. */
function isWithin(range: WireDateRange, stay: Stay): boolean {
  const [start, end] = [range.start.slice(0, 10), range.end.slice(0, 10)]
  // A range that cannot be read may be any.
  if (!isLocalDate(start) || !isLocalDate(end)) return true
  return start <= plusDays(stay.checkOut, -1) && end >= stay.checkIn
}
