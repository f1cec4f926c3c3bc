import { isSameMoney, type Money } from '../kernel/money.ts'
import type { Baggage, FlightOffer, PassengerFare, Penalty, Segment } from '../travel/flight.ts'
import { isStay, type Offer } from '../travel/offer.ts'
import { baggageOfType, isSameAllowance } from '../travel/passenger-baggage.ts'
import type { StayOffer } from '../travel/stay.ts'

export type ChangeReason = 'price' | 'schedule' | 'baggage' | 'rules'

/**
 * What a traveller would notice when `live` is sold instead of `known`, apart from the price: other times or stops, less or
 * more baggage for anyone, other rules or penalties. What one of the two does not state is not a difference: unknown is
 * not a "no".
 */
export function differenceOf(known: Offer, live: Offer): Exclude<ChangeReason, 'price'> | null {
  if (isStay(known)) return isStay(live) ? differenceOfStays(known, live) : 'schedule'
  return isStay(live) ? 'schedule' : differenceOfFlights(known, live)
}

function differenceOfFlights(known: FlightOffer, live: FlightOffer): Exclude<ChangeReason, 'price'> | null {
  if (scheduleOf(known) !== scheduleOf(live) || doStopsDiffer(known, live)) return 'schedule'
  if (doesBaggageDiffer(known, live)) return 'baggage'
  return doRulesDiffer(known, live) || doPenaltiesDiffer(known.penalties, live.penalties) ? 'rules' : null
}

function segmentsOf(offer: FlightOffer): readonly Segment[] {
  return offer.slices.flatMap((slice) => slice.segments)
}

function scheduleOf(offer: FlightOffer): string {
  return segmentsOf(offer)
    .map((s) => `${s.carrier}${s.flightNumber} ${s.origin}${s.destination} ${s.departure.local} ${s.arrival.local}`)
    .join('|')
}

/** Of the same segments: where a plane lands on the way. */
function doStopsDiffer(known: FlightOffer, live: FlightOffer): boolean {
  const before = segmentsOf(known)
  return segmentsOf(live).some((segment, i) => {
    const was = before[i]!.technicalStops?.join()
    const is = segment.technicalStops?.join()
    return was !== undefined && is !== undefined && was !== is
  })
}

/** For the passengers the segments tell of, and for every other type that both offers have. */
function doesBaggageDiffer(known: FlightOffer, live: FlightOffer): boolean {
  const differs = (before: Pick<PassengerFare, 'baggage'>, now: Pick<PassengerFare, 'baggage'>): boolean => {
    const was = baggageOfType(before, known.slices)
    return baggageOfType(now, live.slices).some((allowance, i) => isOther(was[i]!, allowance))
  }
  if (differs({}, {})) return true
  return live.passengers.some((fare) => differs(known.passengers.find((one) => one.type === fare.type) ?? {}, fare))
}

function isOther(was: readonly Baggage[], is: readonly Baggage[]): boolean {
  return was.length > 0 && is.length > 0 && !isSameAllowance(was, is)
}

function doRulesDiffer(known: FlightOffer, live: FlightOffer): boolean {
  return (['refundable', 'changeable'] as const).some((rule) => known[rule] !== null && live[rule] !== null && known[rule] !== live[rule])
}

/** Penalties of one kind and window are compared where each offer has one: of several nobody says which is which. */
function doPenaltiesDiffer(known: readonly Penalty[], live: readonly Penalty[]): boolean {
  const like = (rule: Penalty, rules: readonly Penalty[]) =>
    rules.filter((one) => one.kind === rule.kind && (one.when ?? null) === (rule.when ?? null))
  return live.some((rule) => {
    const [was, ...more] = like(rule, known)
    if (was === undefined || more.length > 0 || like(rule, live).length > 1) return false
    const isOtherFact = <T>(one: T | null | undefined, other: T | null | undefined) => one != null && other != null && one !== other
    return (
      isOtherFact(was.allowed, rule.allowed) ||
      isOtherFact(was.percent, rule.percent) ||
      isOtherFact(was.until, rule.until) ||
      isOtherAmount(was.amount, rule.amount)
    )
  })
}

/** Amounts of two currencies cannot be compared, and so are no difference. */
function isOtherAmount(one: Money | null, other: Money | null): boolean {
  return one !== null && other !== null && one.currency === other.currency && !isSameMoney(one, other)
}

/** Other nights, another room or house; something else to eat; a way out that has become dearer, by day or amount. */
function differenceOfStays(known: StayOffer, live: StayOffer): Exclude<ChangeReason, 'price'> | null {
  const placeOf = (stay: StayOffer): string =>
    [stay.property, stay.checkIn, stay.checkOut, ...stay.rooms.map(({ code, name }) => code ?? name)].join('|')
  if (placeOf(known) !== placeOf(live)) return 'schedule'
  if (known.board !== null && live.board !== null && known.board !== live.board) return 'rules'
  if (known.refundable !== null && live.refundable !== null && known.refundable !== live.refundable) return 'rules'
  if (known.payAt !== null && live.payAt !== null && known.payAt !== live.payAt) return 'rules'
  return known.cancellation !== null && live.cancellation !== null && freeUntil(live) < freeUntil(known) ? 'rules' : null
}

/** Until when cancelling is free, in epoch milliseconds: for ever where no step costs anything, never where the first does. */
function freeUntil({ cancellation }: StayOffer): number {
  const costs = cancellation?.find(({ penalty }) => penalty === null || penalty.amount > 0)
  return costs === undefined ? Number.POSITIVE_INFINITY : (costs.from ?? 0)
}
