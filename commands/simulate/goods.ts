import { multiplyMoney, money, type Money } from '../../src/kernel/money.ts'
import { parseZonedTime, type LocalDate } from '../../src/kernel/time.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'
import type { Contact, Passenger } from '../../src/travel/passenger.ts'

const FARE = money(41_250, 'USD')

/** What a traveller is charged for so many seats. */
export function priceOf(seats: number): Money {
  return multiplyMoney(FARE, seats)
}

/** One flight for so many adults. */
export function offerOf(id: string, seats: number): FlightOffer {
  const total = priceOf(seats)
  return {
    id,
    provider: 'sim',
    solution: 0,
    total,
    base: null,
    taxes: null,
    passengers: [{ type: 'adult', count: seats, total, base: null, taxes: null, fees: null, baggage: null }],
    validatingCarrier: 'GA',
    refundable: false,
    changeable: true,
    penalties: [],
    lastTicketingAt: null,
    priceGuaranteedUntil: null,
    expiresAt: null,
    slices: [
      {
        origin: 'CGK',
        destination: 'NRT',
        durationMinutes: 440,
        segments: [
          {
            carrier: 'GA',
            flightNumber: '874',
            operatingCarrier: 'GA',
            origin: 'CGK',
            originTerminal: null,
            destination: 'NRT',
            destinationTerminal: null,
            departure: parseZonedTime('2027-03-01T23:30:00+07:00'),
            arrival: parseZonedTime('2027-03-02T08:50:00+09:00'),
            durationMinutes: 440,
            equipment: null,
            cabin: 'economy',
            bookingClass: 'Y',
            fareBasis: null,
            brand: null,
            baggage: [],
            technicalStops: null,
          },
        ],
      },
    ],
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: `token_${seats}`,
  }
}

const NAMES = ['Budi', 'Siti'] as const

/** So many adults. */
export function travellersOf(seats: number): readonly Passenger[] {
  return NAMES.slice(0, seats).map((givenName) => ({
    type: 'adult',
    title: null,
    givenName,
    familyName: 'Santoso',
    bornOn: '1990-04-18' as LocalDate,
    gender: 'male',
    document: null,
  }))
}

export const CONTACT: Contact = { email: 'budi@example.com', phone: '+62812345678' }
