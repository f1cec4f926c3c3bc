import { addMoney, fromMoneyText } from '../../kernel/money.ts'
import type { Instant } from '../../kernel/time.ts'
import type { FlightOffer, PassengerFare } from '../../travel/flight.ts'
import { toPriceView } from '../../travel/offer-view.ts'
import { baggageOfType, whereItDiffers } from '../../travel/passenger-baggage.ts'
import { combinedOfferId, SELF_TRANSFER } from '../supersets/superset.ts'
import type { Pair } from './combine-tickets.ts'
import { earlierText, joinPenalties, sumOf, weakerOf } from './join-penalties.ts'
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
    passengers: joinFares([one, prices[0]], [other, prices[1]]),
    validatingCarrier: one.validatingCarrier === other.validatingCarrier ? one.validatingCarrier : null,
    refundable: weakerOf(one.refundable, other.refundable),
    changeable: weakerOf(one.changeable, other.changeable),
    penalties: joinPenalties(one.penalties, other.penalties),
    lastTicketingAt: earlierText(one.lastTicketingAt, other.lastTicketingAt),
    // A guarantee for one ticket is none for the journey.
    priceGuaranteedUntil: earlierIfBoth(one.priceGuaranteedUntil, other.priceGuaranteedUntil),
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
    passengers: view.passengers.map(({ type, count, ...fare }) => ({
      ...{ type, count, total: read(fare.total), base: read(fare.base), taxes: read(fare.taxes), fees: read(fare.fees) },
    })),
  }
}

type PricedTicket = readonly [offer: FlightOffer, price: Price]

function joinFares(first: PricedTicket, second: PricedTicket): PassengerFare[] {
  const segments = [first, second].flatMap(([offer]) => offer.slices.flatMap((slice) => slice.segments))
  return first[1].passengers.map((fare): PassengerFare => {
    const other = fareLike(fare, second[1].passengers)
    const allowances = [first, second].flatMap(([offer]) => baggageOfType(fareLike(fare, offer.passengers) ?? {}, offer.slices))
    return {
      type: fare.type,
      count: fare.count,
      total: sumOf(fare.total, other?.total),
      base: sumOf(fare.base, other?.base),
      taxes: sumOf(fare.taxes, other?.taxes),
      fees: sumOf(fare.fees, other?.fees),
      baggage: whereItDiffers(allowances, segments),
    }
  })
}

function fareLike(wanted: PassengerFare, fares: readonly PassengerFare[]): PassengerFare | undefined {
  return fares.find((fare) => fare.type === wanted.type && fare.count === wanted.count)
}

function earlierIfBoth(a: Instant | null | undefined, b: Instant | null | undefined): Instant | null {
  return a == null || b == null ? null : a < b ? a : b
}

/** 0.1 and 0.2 are 0.3. */
function toGrams(kilograms: number): number {
  return Math.round(kilograms * 1_000) / 1_000
}
