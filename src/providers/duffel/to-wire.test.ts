import { describe, expect, test } from 'vitest'
import { money } from '../../kernel/money.ts'
import { parseLocalDate } from '../../kernel/time.ts'
import type { CabinClass, FlightOffer, Slice } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import type { Passenger } from '../../travel/passenger.ts'
import type { ExchangeRequest, FlightOrder } from '../contract.ts'
import { toChangePayment, toChangeRequest } from './to-wire-change.ts'
import { isUnsendable, toOfferRequest, toOrder, toPayment, type OfferToken } from './to-wire.ts'

const passenger = (type: Passenger['type'], givenName: string, more: Partial<Passenger> = {}): Passenger => ({
  type,
  title: null,
  givenName,
  familyName: 'SANTOSO',
  bornOn: parseLocalDate('1990-04-18'),
  gender: 'male',
  document: { kind: 'passport', number: 'C1234567', issuingCountry: 'ID', nationality: 'ID', expiresOn: parseLocalDate('2031-01-01') },
  ...more,
})
const TOKEN: OfferToken = {
  offer: 'off_1',
  passengers: [
    { id: 'pas_a', type: 'adult' },
    { id: 'pas_b', type: 'adult' },
    { id: 'pas_i', type: 'infant' },
  ],
  passports: true,
  query: null,
}
const orderOf = (passengers: readonly Passenger[]): FlightOrder => ({
  reference: 'FWREF1',
  offer: { total: money(60_200, 'JPY') } as FlightOffer,
  passengers,
  contact: { email: 'budi@example.com', phone: '+62812345678' },
})
const FAMILY = [passenger('infant', 'ADI'), passenger('adult', 'BUDI'), passenger('adult', 'SITI', { gender: 'female', title: 'dr' })]
type Sent = { data: { payments: object[]; metadata: object; passengers: Record<string, unknown>[] } }

test('an offer request asks for types and not ages, one slice each way', () => {
  const slices = [
    { origin: 'CGK', destination: 'TYO', departureDate: parseLocalDate('2026-12-01') },
    { origin: 'TYO', destination: 'CGK', departureDate: parseLocalDate('2026-12-10') },
  ]
  expect(toOfferRequest({ slices, passengers: { adults: 1, children: 1, infants: 1 }, cabin: 'premium_economy' })).toEqual({
    data: {
      cabin_class: 'premium_economy',
      slices: [
        { origin: 'CGK', destination: 'TYO', departure_date: '2026-12-01' },
        { origin: 'TYO', destination: 'CGK', departure_date: '2026-12-10' },
      ],
      passengers: [{ type: 'adult' }, { type: 'child' }, { type: 'infant_without_seat' }],
    },
  })
})

describe('an order', () => {
  test('pays exactly the agreed total in the digits of its currency and carries our reference', () => {
    const { data } = toOrder(orderOf(FAMILY), TOKEN) as Sent
    expect(data.payments).toEqual([{ type: 'balance', amount: '60200', currency: 'JPY' }])
    expect(data.metadata).toEqual({ reference: 'FWREF1' })
  })

  test('gives every traveller an id of its own type, and the infant an adult', () => {
    const { data } = toOrder(orderOf(FAMILY), TOKEN) as Sent
    expect(
      data.passengers.map(({ id, given_name, title, gender, infant_passenger_id: infant }) => [id, given_name, title, gender, infant]),
    ).toEqual([
      ['pas_i', 'ADI', 'mr', 'm', undefined],
      ['pas_a', 'BUDI', 'mr', 'm', 'pas_i'],
      ['pas_b', 'SITI', 'dr', 'f', undefined],
    ])
  })

  test('sends passports only where the airline takes them', () => {
    const withPassports = toOrder(orderOf(FAMILY), TOKEN) as Sent
    expect(withPassports.data.passengers[1]!['identity_documents']).toEqual([
      { type: 'passport', unique_identifier: 'C1234567', issuing_country_code: 'ID', expires_on: '2031-01-01' },
    ])
    const without = toOrder(orderOf(FAMILY), { ...TOKEN, passports: false }) as Sent
    expect(without.data.passengers[1]).not.toHaveProperty('identity_documents')
  })

  test('is not sent for other passengers than the offer’s, or where Duffel has no word for one', () => {
    expect(isUnsendable(toOrder(orderOf(FAMILY.slice(1)), TOKEN))).toBe(true)
    expect(isUnsendable(toOrder(orderOf([...FAMILY, passenger('adult', 'DEWI')]), TOKEN))).toBe(true)
    expect(isUnsendable(toOrder(orderOf(FAMILY.map((one) => ({ ...one, gender: 'unspecified' as const }))), TOKEN))).toBe(true)
  })
})

test('a held order names no payment, and is the same in everything else', () => {
  const { data: held } = toOrder(orderOf(FAMILY), TOKEN, 'hold') as Sent
  const { data: instant } = toOrder(orderOf(FAMILY), TOKEN) as Sent
  const { payments, ...rest } = instant
  expect(payments).toHaveLength(1)
  expect(held).toEqual({ ...rest, type: 'hold' })
})

test('a payment is for the total that was agreed on, in the digits of its currency', () => {
  const reservation = { supplierRef: 'ord_1', total: money(70_000, 'JPY') } as Reservation
  expect(toPayment({ reference: 'FWREF1', reservation, total: money(60_200, 'JPY') })).toEqual({
    data: { order_id: 'ord_1', payment: { type: 'balance', amount: '60200', currency: 'JPY' } },
  })
})

describe('a request to change', () => {
  const slice = (cabin: CabinClass | null) => ({ id: `sli_${cabin}`, slice: { segments: [{ cabin }] } as unknown as Slice })
  const request: ExchangeRequest = {
    reservation: { supplierRef: 'ord_1' } as Reservation,
    slices: [{ replaces: 1, origin: 'NRT', destination: 'CGK', departureDate: parseLocalDate('2026-12-12') }],
  }

  test('names the slice that goes by its id, and asks for the new one in its cabin', () => {
    expect(toChangeRequest(request, [slice('economy'), slice('business')])).toEqual({
      data: {
        order_id: 'ord_1',
        slices: {
          remove: [{ slice_id: 'sli_business' }],
          add: [{ origin: 'NRT', destination: 'CGK', departure_date: '2026-12-12', cabin_class: 'business' }],
        },
      },
    })
    expect(JSON.stringify(toChangeRequest(request, [slice('economy'), slice(null)]))).not.toContain('cabin_class')
  })

  test('is confirmed with a payment only where something is to be paid', () => {
    expect(toChangePayment({ amount: '30.50', currency: 'GBP' })).toEqual({
      data: { payment: { type: 'balance', amount: '30.50', currency: 'GBP' } },
    })
    expect(toChangePayment(null)).toEqual({ data: {} })
  })
})
