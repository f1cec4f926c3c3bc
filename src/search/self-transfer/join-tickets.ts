import { addMoney, fromMoneyText, type Money } from '../../kernel/money.ts'
import type { FlightOffer, PassengerFare, Penalty } from '../../travel/flight.ts'
import { toPriceView } from '../../travel/offer-view.ts'
import { combinedOfferId, SELF_TRANSFER } from '../supersets/superset.ts'
import type { Pair } from './combine-tickets.ts'
import type { Leg } from './ticket.ts'

/** Two tickets as one offer: what is promised is what both promise, and the price is both shown prices together. */
export function joinTickets(pair: Pair, solution: number): FlightOffer {
  const [first, second] = [pair.first.leg, pair.second.leg]
  const [one, other] = [first.offer, second.offer]
  const prices = [first, second].map(priceOf) as [Price, Price]
  return {
    id: combinedOfferId([first.id, second.id]),
    // Nobody sells it as one: each ticket is booked by itself, and the prices are shown prices already.
    provider: SELF_TRANSFER,
    solution,
    total: addMoney(first.shown, second.shown),
    base: sumOf(prices[0].base, prices[1].base),
    taxes: sumOf(prices[0].taxes, prices[1].taxes),
    passengers: joinFares(prices[0].passengers, prices[1].passengers),
    validatingCarrier: one.validatingCarrier === other.validatingCarrier ? one.validatingCarrier : null,
    refundable: weakerOf(one.refundable, other.refundable),
    changeable: weakerOf(one.changeable, other.changeable),
    penalties: (['change', 'refund'] as const).flatMap((kind) => joinPenalties(kind, one.penalties, other.penalties)),
    lastTicketingAt: earlierText(one.lastTicketingAt, other.lastTicketingAt),
    expiresAt: one.expiresAt === null || (other.expiresAt !== null && other.expiresAt < one.expiresAt) ? other.expiresAt : one.expiresAt,
    slices: [
      {
        origin: pair.first.slice.origin,
        destination: pair.second.slice.destination,
        durationMinutes: pair.durationMinutes,
        segments: [...pair.first.slice.segments, ...pair.second.slice.segments],
      },
    ],
    emissionsKg: one.emissionsKg === null || other.emissionsKg === null ? null : toGrams(one.emissionsKg + other.emissionsKg),
    selfTransfer: {
      offerIds: [first.id, second.id],
      connection: {
        arrivalAirport: pair.arrivalAirport,
        departureAirport: pair.departureAirport,
        minutes: pair.minutes,
        minimumMinutes: pair.minimumMinutes,
        risk: pair.risk,
      },
    },
    supplierToken: '',
  }
}

type Price = Pick<FlightOffer, 'base' | 'taxes' | 'passengers'>

/** The parts of a ticket's shown price, as they would be shown for the ticket alone. */
function priceOf(leg: Leg): Price {
  const view = toPriceView(leg.offer, leg.shown)
  const read = (text: (typeof view)['base']) => text && fromMoneyText(text)
  return {
    base: read(view.base),
    taxes: read(view.taxes),
    passengers: view.passengers.map((fare) => ({ ...fare, total: read(fare.total), base: read(fare.base), taxes: read(fare.taxes) })),
  }
}

function joinFares(first: readonly PassengerFare[], second: readonly PassengerFare[]): PassengerFare[] {
  return first.map((fare) => {
    const other = second.find((one) => one.type === fare.type && one.count === fare.count)
    return {
      type: fare.type,
      count: fare.count,
      total: sumOf(fare.total, other?.total),
      base: sumOf(fare.base, other?.base),
      taxes: sumOf(fare.taxes, other?.taxes),
    }
  })
}

/** What only one of them states is not known of both. */
function sumOf(a: Money | null, b: Money | null | undefined): Money | null {
  return a === null || b == null || a.currency !== b.currency ? null : addMoney(a, b)
}

/** What is forbidden for one is forbidden; what is unknown of one is unknown. */
function weakerOf(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false
  return a === null || b === null ? null : true
}

/** One rule for both tickets; its amount only where each has a single one that can be added. */
function joinPenalties(kind: Penalty['kind'], first: readonly Penalty[], second: readonly Penalty[]): Penalty[] {
  const rules = [first, second].map((penalties) => penalties.filter((penalty) => penalty.kind === kind)) as [Penalty[], Penalty[]]
  if (rules.every((side) => side.length === 0)) return []
  const [one, other] = rules.map((side) => side.map((rule) => rule.allowed).reduce(weakerOf, side.length === 0 ? null : true))
  const amounts = rules.map((side) => (side.length === 1 ? side[0]!.amount : null)) as [Money | null, Money | null]
  const allowed = weakerOf(one!, other!)
  return [{ kind, allowed, amount: allowed === true ? sumOf(...amounts) : null }]
}

/** By the date both begin with, whether or not a time follows: at worst a few hours too early. */
function earlierText(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a.slice(0, 10) < b.slice(0, 10) || (a.slice(0, 10) === b.slice(0, 10) && a <= b) ? a : b
}

/** 0.1 and 0.2 are 0.3. */
function toGrams(kilograms: number): number {
  return Math.round(kilograms * 1_000) / 1_000
}
