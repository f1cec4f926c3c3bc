import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compareMoney, formatAmount, toMoneyText } from '../../kernel/money.ts'
import { parseInstant } from '../../kernel/time.ts'
import type { FlightOffer } from '../../travel/flight.ts'
import type { SeatMap } from '../../travel/seat-map.ts'
import type { ExchangeQuote, MessageKind, Translation } from '../contract.ts'
import { translate } from './translate.ts'

const RECORDINGS = new URL('../../../../shared/recordings/', import.meta.url)
const FOLDER = new URL('duffel/', RECORDINGS)

const KINDS: Readonly<Record<string, MessageKind>> = {
  shop: 'shop',
  price: 'price',
  book: 'book',
  retrieve: 'retrieve',
  ticket: 'ticket',
  cancel: 'cancel',
  errors: 'book',
  change: 'exchange',
  seatmap: 'seat-map',
}

type Leg = { carrier: string; number: string; operating: string; from: string; to: string; dep: string; arr: string }
type OfferFacts = {
  offer_count: number
  owners: Record<string, number>
  currencies: string[]
  max_total: string
  cheapest: {
    id: string
    total: string
    currency: string
    base: string
    tax: string
    owner: string
    legs: Leg[][]
    pax: string[]
    expires_at: string
    baggage: [string, number][][]
    refund: boolean | null
    change: boolean | null
  }
}
type OrderFacts = {
  id: string
  booking_reference: string
  total: string
  currency: string
  documents: [string | null, string][]
  passengers: [string, string][]
  segments: { carrier: string; number: string }[]
  awaiting_payment: boolean
  payment_required_by: string | null
  cancelled_at: string | null
}
type ErrorFacts = { errors: { type: string; code: string }[] }
type SeatFacts = { maps: number; seats: number; available_seats: number; cheapest_seat: string; currency: string[] }
type PlainFacts = { data: Record<string, string> }

const isThere = existsSync(FOLDER)
const facts = isThere ? (JSON.parse(readFileSync(new URL('facts.json', RECORDINGS), 'utf8')) as Record<string, unknown>) : {}
const files = isThere
  ? readdirSync(FOLDER).flatMap((kind) =>
      readdirSync(new URL(`${kind}/`, FOLDER)).map((file) => ({
        kind,
        name: `duffel/${kind}/${file}`,
        url: new URL(`${kind}/${file}`, FOLDER),
      })),
    )
  : []

describe.skipIf(!isThere)('every message recorded in ../shared/recordings/duffel (skipped where the folder is absent)', () => {
  test.each(files)('$name says what the facts say', ({ kind, name, url }) => {
    const asKind = KINDS[kind]
    if (!asKind) throw new Error(`no reader for the recordings in "${kind}"`)
    compare(kind, translate(asKind, readFileSync(url, 'utf8')), facts[name])
  })

  test('an offer whose message guarantees its price says until when, every other one that nothing is guaranteed', () => {
    const read = (kind: string, file: string) => {
      const translation = translate(KINDS[kind]!, readFileSync(new URL(`${kind}/${file}`, FOLDER), 'utf8'))
      if (translation.kind !== 'offers') throw new Error(`understood ${translation.kind}`)
      return translation.offers.map((offer) => offer.priceGuaranteedUntil)
    }
    expect(read('price', 'offer-AA-ORD-LAX.json')).toEqual([parseInstant('2021-10-19T22:59:00Z')])
    const eleven = read('shop', 'offer_request-LHR-STR-11offers.json')
    expect(eleven.filter((until) => until !== null)).toEqual([parseInstant('2022-06-01T10:00:14Z')])
    expect(eleven).toHaveLength(11)
  })

  test('there is a message of every kind, and none is left out', () => {
    expect(new Set(files.map((file) => file.kind))).toEqual(new Set(Object.keys(KINDS)))
  })
})

function compare(kind: string, translation: Translation, facts: unknown): void {
  expect(facts, 'facts of the recording').toBeDefined()
  if (translation.kind === 'offers') return compareOffers(translation.solutions, translation.offers, facts as OfferFacts)
  if (kind === 'errors') return compareError(translation, facts as ErrorFacts)
  if (translation.kind === 'reservation') return compareOrder(translation, facts as OrderFacts)
  if (translation.kind === 'seat-maps') return compareSeats(translation.maps, facts as SeatFacts)
  const { data } = facts as PlainFacts
  if (translation.kind === 'exchange-quotes') return compareChange(translation.quotes, data)
  if (translation.kind === 'cancellation') {
    expect(translation.result).toMatchObject({ outcome: 'ok' })
    if (translation.result.outcome !== 'ok') return
    expect(toMoneyText(translation.result.value.refund!)).toEqual({ amount: data['refund_amount'], currency: data['refund_currency'] })
    return
  }
  expect(translation).toMatchObject({ kind: 'tickets', result: { outcome: 'ok', value: [] } })
  if (translation.kind !== 'tickets') throw new Error(`understood ${translation.kind}`)
  expect(toMoneyText(translation.total!)).toEqual({ amount: data['amount'], currency: data['currency'] })
}

function compareSeats(maps: readonly SeatMap[], facts: SeatFacts): void {
  expect(maps).toHaveLength(facts.maps)
  const seats = maps.flatMap((map) => map.cabins.flatMap((cabin) => cabin.seats))
  expect(seats).toHaveLength(facts.seats)
  expect(new Set(seats.map((seat) => seat.number)).size).toBe(facts.seats)
  const free = seats.filter((seat) => seat.state === 'free')
  expect(free).toHaveLength(facts.available_seats)
  expect(seats.filter((seat) => seat.state === 'taken')).toHaveLength(facts.seats - facts.available_seats)
  expect([...new Set(free.map((seat) => seat.price!.currency))]).toEqual(facts.currency)
  expect(formatAmount(free.map((seat) => seat.price!).reduce((least, price) => (compareMoney(price, least) < 0 ? price : least)))).toBe(
    facts.cheapest_seat,
  )
  // Looked up by hand: three seats on either side of one aisle, and the room in front of the exits before row 10.
  expect(maps[0]!.cabins.map((cabin) => cabin.columns)).toEqual([['A', 'B', 'C', null, 'D', 'E', 'F']])
  expect([...new Set(seats.filter((seat) => seat.features.includes('exit')).map((seat) => seat.row))]).toEqual([10])
}

/** The facts name the request only; its offer was looked up by hand. */
function compareChange(quotes: readonly ExchangeQuote[], data: Readonly<Record<string, string>>): void {
  expect(quotes).toHaveLength(1)
  const [quote] = quotes
  expect(toMoneyText(quote!.difference!)).toEqual({ amount: '90.80', currency: 'GBP' })
  expect(toMoneyText(quote!.newTotal!)).toEqual({ amount: '35.50', currency: 'GBP' })
  expect(toMoneyText(quote!.penalty!)).toEqual({ amount: '10.50', currency: 'GBP' })
  expect(quote!.expiresAt).toBe(parseInstant('2020-01-17T10:42:14.545Z'))
  expect(quote!.slices.map((slice) => slice.segments.map((segment) => segment.carrier + segment.flightNumber))).toEqual([['BA1234']])
  expect(quote!.slices[0]).toMatchObject({ origin: 'LHR', destination: 'JFK', durationMinutes: 146 })
  expect(quote!.supplierToken).toContain(data['order_id'])
}

function compareOffers(solutions: number, offers: readonly FlightOffer[], facts: OfferFacts): void {
  expect(solutions).toBe(facts.offer_count)
  expect(offers).toHaveLength(facts.offer_count)
  expect(offers.map((offer) => offer.solution)).toEqual(offers.map((_, index) => index))
  expect(countBy(offers.map((offer) => offer.validatingCarrier ?? ''))).toEqual(facts.owners)
  expect([...new Set(offers.map((offer) => offer.total.currency))]).toEqual(facts.currencies)

  const sorted = offers.toSorted((a, b) => compareMoney(a.total, b.total))
  expect(formatAmount(sorted.at(-1)!.total)).toBe(facts.max_total)
  const { cheapest } = facts
  expect(formatAmount(sorted[0]!.total)).toBe(cheapest.total)

  const offer = offers.find((one) => one.id === cheapest.id)!
  expect(offer).toMatchObject({
    provider: 'duffel',
    validatingCarrier: cheapest.owner,
    refundable: cheapest.refund,
    changeable: cheapest.change,
  })
  expect(toMoneyText(offer.total)).toEqual({ amount: cheapest.total, currency: cheapest.currency })
  expect(formatAmount(offer.base!)).toBe(cheapest.base)
  expect(formatAmount(offer.taxes!)).toBe(cheapest.tax)
  expect(offer.expiresAt).toBe(parseInstant(cheapest.expires_at))
  expect(offer.passengers.flatMap((fare) => Array.from({ length: fare.count }, () => fare.type))).toEqual(cheapest.pax)
  expect(offer.slices.map((slice) => slice.segments.map((segment) => legOf(segment)))).toEqual(cheapest.legs)
  expect(offer.slices.map((slice) => slice.segments[0]!.baggage.map((bag) => [bag.kind, bag.pieces]))).toEqual(cheapest.baggage)
}

function legOf(segment: FlightOffer['slices'][number]['segments'][number]): Leg {
  const { carrier, flightNumber, operatingCarrier, origin, destination, departure, arrival } = segment
  return {
    carrier,
    number: flightNumber,
    operating: operatingCarrier ?? '',
    from: origin,
    to: destination,
    dep: `${departure.local}:00`,
    arr: `${arrival.local}:00`,
  }
}

function compareOrder({ result }: Extract<Translation, { kind: 'reservation' }>, facts: OrderFacts): void {
  if (result.outcome !== 'ok') throw new Error(`the order was read as ${JSON.stringify(result)}`)
  const reservation = result.value
  expect(reservation).toMatchObject({
    pnr: facts.booking_reference,
    supplierRef: facts.id,
    status: facts.cancelled_at ? 'cancelled' : 'active',
  })
  expect(toMoneyText(reservation.total!)).toEqual({ amount: facts.total, currency: facts.currency })
  // Receipts for bags and seats are documents too, and no tickets.
  const tickets = facts.documents.filter(([type]) => type === null || type === 'electronic_ticket')
  expect(reservation.tickets.map((ticket) => ticket.number)).toEqual(tickets.map(([, number]) => number))
  for (const ticket of reservation.tickets) expect(ticket.passengerName).toContain(facts.passengers[0]![1])
  expect(reservation.segments.map(({ carrier, flightNumber }) => ({ carrier, number: flightNumber }))).toEqual(
    facts.segments.map(({ carrier, number }) => ({ carrier, number })),
  )
  expect(reservation.ticketBy).toBe(facts.awaiting_payment ? facts.payment_required_by : null)
}

/** The recorded refusals, read as the answer to creating an order. */
const OUTCOMES: Readonly<Record<string, string>> = {
  api_error: 'unknown',
  validation_error: 'rejected',
  rate_limit_error: 'rejected',
  authentication_error: 'rejected',
}

function compareError(translation: Translation, facts: ErrorFacts): void {
  const [error] = facts.errors
  if (translation.kind !== 'reservation') throw new Error('an error reply to an order is about a reservation')
  expect(translation.result.outcome).toBe(OUTCOMES[error!.type])
  if (translation.result.outcome === 'rejected') expect(translation.result.code).toBe(error!.code)
  if (translation.result.outcome === 'unknown')
    expect(translation.result).toMatchObject({ cause: 'server_error', message: expect.stringContaining(error!.code) })
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
