import { addMoney, type Money } from '../../kernel/money.ts'
import { daysBetween, plusDays, type LocalDate } from '../../kernel/time.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import { readCount, readDate, sumKnown, type MoneyReader } from './read-values.ts'

/** The dates of a stay. */
export type Dates = { readonly checkIn: LocalDate; readonly checkOut: LocalDate }

/** What a rate costs for the whole stay, from which element that was read, and what each night costs where that is told. */
export type RateTotal = { readonly total: Money; readonly element: XmlElement; readonly nightly: readonly Money[] | null }

/**
 * The total of a room's rate for the whole stay, or null where the message does not make it certain. In this order: the
 * RoomRate's own Total; the Total of its only Rate, unless that is of a single day of several; the RoomStay's Total when
 * it has no other rate; the sum of the nights, when each night is priced once with taxes.
 */
export function readRateTotal(
  rates: readonly XmlElement[],
  totals: { readonly ofRoomRate: XmlElement | undefined; readonly ofRoomStay: XmlElement | undefined },
  dates: Dates,
  amounts: MoneyReader,
): RateTotal | null {
  const nightly = readNights(rates, dates, amounts)
  const own = totals.ofRoomRate ?? totalOfOnlyRate(rates, dates)
  const currency = currencyOf([
    totals.ofRoomRate,
    ...rates.map((rate) => child(rate, 'Total')),
    ...rates.map((rate) => child(rate, 'Base')),
  ])
  for (const element of [own, totals.ofRoomStay]) {
    const total = element ? readTotal(element, currency, amounts) : null
    if (total && element) return { total, element, nightly }
  }
  const total = nightly && sumKnown(nightly)
  const element = rates[0] && (child(rates[0], 'Total') ?? child(rates[0], 'Base'))
  return total && element ? { total, element, nightly } : null
}

/**
 * What a Total says is to be paid: AmountAfterTax where it is given. Else AmountBeforeTax and the taxes, where they are
 * all given as amounts; without any word about taxes nobody knows the total.
 */
export function readTotal(element: XmlElement, currency: string | null, amounts: MoneyReader): Money | null {
  const after = amounts.amount(element, 'AmountAfterTax', currency)
  if (after) return after
  const before = amounts.amount(element, 'AmountBeforeTax', currency)
  const taxes = child(element, 'Taxes')
  if (!before || !taxes) return null
  const stated = amounts.amount(taxes, 'Amount', before.currency)
  if (stated) return stated.currency === before.currency ? addMoney(before, stated) : null
  const each = children(taxes, 'Tax')
  if (each.length === 0) return null
  const added = each.filter((tax) => attribute(tax, 'Type') !== 'Inclusive')
  return sumKnown([before, ...added.map((tax) => amounts.amount(tax, 'Amount', before.currency))])
}

/** The first currency that is named in the elements. */
export function currencyOf(elements: readonly (XmlElement | undefined)[]): string | null {
  for (const element of elements) {
    const code = attribute(element, 'CurrencyCode')
    if (code) return code
  }
  return null
}

function totalOfOnlyRate(rates: readonly XmlElement[], { checkIn, checkOut }: Dates): XmlElement | undefined {
  const [rate] = rates
  const total = child(rate, 'Total')
  if (!rate || !total || rates.length > 1) return undefined
  const nights = daysBetween(checkIn, checkOut)
  const isOfOneDay = attribute(rate, 'RateTimeUnit') === 'Day' && (readCount(attribute(rate, 'UnitMultiplier')) ?? 1) < nights
  const effective = readDate(attribute(rate, 'EffectiveDate'))
  const expires = readDate(attribute(rate, 'ExpireDate'))
  const isOfPart = effective !== null && expires !== null && daysBetween(effective, expires) < nights - 1
  return isOfOneDay || isOfPart ? undefined : total
}

/**
 * What each night costs with taxes, when the rates cover every night of the stay exactly once. ExpireDate is the last
 * night with some sellers and the morning after it with others: whichever reading covers the stay is meant.
 */
function readNights(rates: readonly XmlElement[], dates: Dates, amounts: MoneyReader): readonly Money[] | null {
  if (rates.length === 0) return null
  return coverNights(rates, dates, amounts, 0) ?? coverNights(rates, dates, amounts, 1)
}

function coverNights(rates: readonly XmlElement[], dates: Dates, amounts: MoneyReader, extra: 0 | 1): readonly Money[] | null {
  const numbers = nightNumbers(dates)
  const nights = numbers.size - 1
  const found: (Money | undefined)[] = Array.from({ length: nights }, () => undefined)
  for (const rate of rates) {
    const first = numbers.get(dateOf(rate, 'EffectiveDate') ?? '')
    const end = dateOf(rate, 'ExpireDate')
    const last = end === undefined ? (first === undefined ? undefined : first + 1 - extra) : numbers.get(end)
    if (first === undefined || last === undefined) return null
    const count = Math.max(last - first + extra, first === last ? 1 : 0)
    const amount = nightAmount(rate, count, amounts)
    if (!amount || count < 1 || first + count > nights) return null
    for (let night = first; night < first + count; night += 1) {
      if (found[night]) return null
      found[night] = amount
    }
  }
  const whole = found.filter((amount) => amount !== undefined)
  return whole.length === nights ? whole : null
}

function dateOf(rate: XmlElement, name: string): string | undefined {
  return attribute(rate, name)?.trim().slice(0, 10)
}

const numbersByDates = new WeakMap<Dates, ReadonlyMap<string, number>>()

/** The nights of a stay by date, counted from 0, and the morning after the last: asked for with every rate of a stay. */
function nightNumbers(dates: Dates): ReadonlyMap<string, number> {
  const known = numbersByDates.get(dates)
  if (known) return known
  const nights = daysBetween(dates.checkIn, dates.checkOut)
  const numbers = new Map(Array.from({ length: nights + 1 }, (_, night) => [plusDays(dates.checkIn, night) as string, night]))
  numbersByDates.set(dates, numbers)
  return numbers
}

/** The amount of one night with taxes. A Total is of all nights of the rate, so it is one night's only where there is one. */
function nightAmount(rate: XmlElement, nights: number, amounts: MoneyReader): Money | null {
  const units = readCount(attribute(rate, 'UnitMultiplier')) ?? 1
  const unit = attribute(rate, 'RateTimeUnit') ?? 'Day'
  if (unit !== 'Day' || (units !== 1 && units !== nights)) return null
  const base = amounts.amount(child(rate, 'Base'), 'AmountAfterTax')
  if (base) return units === 1 ? base : nights === 1 ? base : null
  return nights === 1 ? amounts.amount(child(rate, 'Total'), 'AmountAfterTax') : null
}
