import { compareMoney, money, shareOf, type Money } from '../../kernel/money.ts'
import { daysBetween, plusDays, plusMs, type Instant } from '../../kernel/time.ts'
import type { CancellationStep } from '../../travel/stay.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import { instantAt, instantOn } from './property-zone.ts'
import type { Dates } from './read-total.ts'
import { readBasisPoints, readCount, readFlag, sumKnown, type MoneyReader } from './read-values.ts'

/** What a penalty is reckoned from. */
export type PenaltyBase = Dates & {
  readonly total: Money
  readonly nightly: readonly Money[] | null
  readonly zone: string | null
  readonly amounts: MoneyReader
}

/** The CancelPenalty elements that apply: those of the first of these elements that has any. */
export function penaltiesOf(holders: readonly (XmlElement | undefined)[]): readonly XmlElement[] {
  for (const holder of holders) {
    const found = ['CancelPenalties', 'CancelPolicies', 'CancelPolicy'].flatMap((name) =>
      children(holder, name).flatMap((list) => children(list, 'CancelPenalty')),
    )
    if (found.length > 0) return found
  }
  return []
}

/** The payments in advance that never come back, of the first of these elements that tells how to pay. */
export function depositsOf(holders: readonly (XmlElement | undefined)[]): readonly XmlElement[] {
  for (const holder of holders) {
    const payments = [...children(child(holder, 'PaymentPolicies'), 'GuaranteePayment'), ...children(holder, 'Guarantee')]
    if (payments.length > 0) return payments.filter((one) => isNonRefundable(one))
  }
  return []
}

function isNonRefundable(element: XmlElement): boolean {
  return readFlag(attribute(element, 'NonRefundable') ?? attribute(element, 'NonRefundableIndicator')) === true
}

/**
 * The timeline that the penalties make. A deadline is until when cancelling is free, or costs what the step before it
 * costs; a penalty without one applies from the booking on. A deposit that never comes back is
 * lost from the booking on. Null when there is nothing to be read.
 */
export function readCancellation(
  penalties: readonly XmlElement[],
  deposits: readonly XmlElement[],
  base: PenaltyBase,
): readonly CancellationStep[] | null {
  const steps = [...penalties.flatMap((penalty) => readStep(penalty, base) ?? []), ...deposits.map((deposit) => readDeposit(deposit, base))]
  if (steps.length === 0) return null
  const byTime = new Map<Instant | null, Money | null>()
  for (const step of steps) {
    const other = byTime.get(step.from)
    byTime.set(step.from, other === undefined ? step.penalty : dearer(other, step.penalty))
  }
  if (!byTime.has(null)) byTime.set(null, money(0, base.total.currency))
  return [...byTime].map(([from, penalty]) => ({ from, penalty })).toSorted((a, b) => timeOf(a) - timeOf(b))
}

/** One step from the booking on, for a rate of which nothing comes back. */
export function nonRefundable(total: Money): readonly CancellationStep[] {
  return [{ from: null, penalty: total }]
}

/** The timeline as it is at `now`: of the steps that are past, the last one applies from the booking on. */
export function timelineAt(steps: readonly CancellationStep[], now: Instant | null): readonly CancellationStep[] {
  if (now === null) return steps
  const passed = steps.findLastIndex((step) => step.from === null || step.from <= now)
  return passed < 1 ? steps : [{ from: null, penalty: steps[passed]!.penalty }, ...steps.slice(passed + 1)]
}

/** Whether cancelling now is free, by the first step; null when nobody says, or not what it costs. */
export function isFreeNow(steps: readonly CancellationStep[] | null): boolean | null {
  const penalty = steps?.[0]?.penalty
  return penalty ? penalty.amount === 0 : null
}

/** The timelines of several rooms as one: at every step, what cancelling all of them costs. Null when one is not known. */
export function addTimelines(timelines: readonly (readonly CancellationStep[] | null)[]): readonly CancellationStep[] | null {
  const known = timelines.filter((one) => one !== null)
  if (known.length < timelines.length || known.length === 0) return null
  const times = [...new Set(known.flatMap((steps) => steps.map((step) => step.from)))].toSorted(
    (a, b) => (a ?? -Infinity) - (b ?? -Infinity),
  )
  return times.map((from) => ({
    from,
    penalty: sumKnown(known.map((steps) => steps.findLast((step) => timeOf(step) <= (from ?? -Infinity))?.penalty ?? null)),
  }))
}

function timeOf(step: CancellationStep): number {
  return step.from ?? -Infinity
}

function dearer(a: Money | null, b: Money | null): Money | null {
  return a && b && a.currency === b.currency ? (compareMoney(a, b) >= 0 ? a : b) : null
}

function readStep(penalty: XmlElement, base: PenaltyBase): CancellationStep | null {
  if (isNonRefundable(penalty)) return nonRefundable(base.total)[0]!
  const deadline = child(penalty, 'Deadline')
  const from = deadline ? readDeadline(deadline, base) : readStart(penalty, base)
  // A deadline that cannot be read is not "from the booking on": nothing is known about when.
  if (from === undefined) return null
  const amount = child(penalty, 'AmountPercent')
  if (!amount && !deadline) return readFlag(attribute(penalty, 'NoCancelInd')) === true ? nonRefundable(base.total)[0]! : null
  return { from, penalty: amount ? readAmount(amount, base) : null }
}

function readDeposit(deposit: XmlElement, base: PenaltyBase): CancellationStep {
  const amount = child(deposit, 'AmountPercent')
  return { from: null, penalty: amount ? readAmount(amount, base) : null }
}

function readStart(penalty: XmlElement, base: PenaltyBase): Instant | null | undefined {
  const start = attribute(penalty, 'Start')
  return start === undefined ? null : (instantAt(start, base.zone) ?? undefined)
}

const UNIT_MS: Readonly<Record<string, number>> = { Second: 1_000, Minute: 60_000, Hour: 3_600_000 }
const UNIT_DAYS: Readonly<Record<string, number>> = { Day: 1, Week: 7, Month: 31, Year: 366 }

/**
 * When a deadline is. Offsets before arrival are counted from midnight at the beginning of the arrival day, the earliest
 * that can be meant; where a time of the day is given beside them, from that time. After booking, the message cannot say
 * when: from the booking on. `undefined` when it is not readable.
 */
function readDeadline(deadline: XmlElement, base: PenaltyBase): Instant | null | undefined {
  const absolute = attribute(deadline, 'AbsoluteDeadline')?.trim()
  if (absolute && /^\d{4}-/.test(absolute)) return instantAt(absolute, base.zone) ?? undefined
  const timeOfDay = absolute && /^\d{2}:\d{2}/.test(absolute) ? absolute : null
  const count = readCount(attribute(deadline, 'OffsetUnitMultiplier'))
  if (count === null) return timeOfDay ? (instantOn(base.checkIn, timeOfDay, base.zone) ?? undefined) : undefined
  const drop = attribute(deadline, 'OffsetDropTime') ?? 'BeforeArrival'
  if (drop === 'AfterBooking' || drop === 'AfterConfirmation') return null
  if (drop !== 'BeforeArrival') return undefined
  const unit = attribute(deadline, 'OffsetTimeUnit') ?? 'Day'
  const days = UNIT_DAYS[unit]
  if (days !== undefined) return instantOn(plusDays(base.checkIn, -count * days), timeOfDay, base.zone) ?? undefined
  const arrival = instantOn(base.checkIn, timeOfDay, base.zone)
  const ms = UNIT_MS[unit]
  return arrival === null || ms === undefined ? undefined : plusMs(arrival, -count * ms)
}

/** What cancelling costs: an amount, a percentage of the stay or of some nights, or some nights. Never more than the total. */
function readAmount(element: XmlElement, base: PenaltyBase): Money | null {
  const stated = base.amounts.amount(element, 'Amount', base.total.currency)
  const nights = readCount(attribute(element, 'NmbrOfNights'))
  const basisPoints = readBasisPoints(attribute(element, 'Percent'))
  const cost = nights === null ? base.total : costOfNights(nights, base)
  const penalty =
    stated ??
    (cost === null || (nights === null && basisPoints === null) ? null : basisPoints === null ? cost : shareOf(cost, basisPoints, 'up'))
  if (penalty === null || penalty.currency !== base.total.currency) return null
  if (stated === null && basisPoints !== null && nights === null && !isOfWholeStay(element)) return null
  return compareMoney(penalty, base.total) > 0 ? base.total : penalty
}

/** A percentage is of the full stay unless it says of what else. */
function isOfWholeStay(element: XmlElement): boolean {
  const basis = attribute(element, 'BasisType')
  return basis === undefined || basis === '' || basis === 'FullStay'
}

/** What the first nights cost; null when the message does not tell the nights apart and they are not all the same. */
function costOfNights(count: number, base: PenaltyBase): Money | null {
  const nights = daysBetween(base.checkIn, base.checkOut)
  if (count >= nights) return base.total
  if (count === 0) return money(0, base.total.currency)
  return base.nightly ? sumKnown(base.nightly.slice(0, count)) : null
}
