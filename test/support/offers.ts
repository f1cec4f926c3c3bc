import { money } from '../../src/kernel/money.ts'
import { parseZonedTime } from '../../src/kernel/time.ts'
import type { FlightOffer, Segment } from '../../src/travel/flight.ts'
import type { Passenger } from '../../src/travel/passenger.ts'
import type { Reservation, Ticket } from '../../src/travel/reservation.ts'

/** One flight from Jakarta to Tokyo, with whatever a test needs changed. */
export function segment(changes: Partial<Segment> = {}): Segment {
  return {
    carrier: 'GA',
    flightNumber: '874',
    operatingCarrier: 'GA',
    origin: 'CGK',
    originTerminal: '3',
    destination: 'NRT',
    destinationTerminal: '1',
    departure: parseZonedTime('2027-03-01T23:30:00+07:00'),
    arrival: parseZonedTime('2027-03-02T08:50:00+09:00'),
    durationMinutes: 440,
    equipment: '333',
    cabin: 'economy',
    bookingClass: 'Y',
    fareBasis: 'YOWID',
    brand: 'Economy',
    baggage: [{ kind: 'checked', pieces: 1, weightKg: 23 }],
    technicalStops: null,
    ...changes,
  }
}

/** A bookable offer for one adult at USD 412.50. */
export function flightOffer(changes: Partial<FlightOffer> = {}): FlightOffer {
  return {
    id: 'off_test',
    provider: 'fake',
    solution: 0,
    total: money(41_250, 'USD'),
    base: null,
    taxes: null,
    passengers: [{ type: 'adult', count: 1, total: money(41_250, 'USD'), base: null, taxes: null, fees: null, baggage: null }],
    validatingCarrier: 'GA',
    refundable: false,
    changeable: true,
    penalties: [],
    lastTicketingAt: null,
    priceGuaranteedUntil: null,
    expiresAt: null,
    slices: [{ origin: 'CGK', destination: 'NRT', durationMinutes: 440, segments: [segment()] }],
    emissionsKg: null,
    selfTransfer: null,
    supplierToken: 'token',
    ...changes,
  }
}

/** An adult with a passport. */
export function adult(changes: Partial<Passenger> = {}): Passenger {
  return {
    type: 'adult',
    title: 'mr',
    givenName: 'Budi',
    familyName: 'Santoso',
    bornOn: '1990-04-18' as Passenger['bornOn'],
    gender: 'male',
    document: {
      kind: 'passport',
      number: 'C1234567',
      issuingCountry: 'ID',
      nationality: 'ID',
      expiresOn: '2031-01-01' as Passenger['bornOn'],
    },
    ...changes,
  }
}

/** A ticket with one open coupon. */
export function ticket(changes: Partial<Ticket> = {}): Ticket {
  return {
    number: '1260000000001',
    passengerName: 'BUDI SANTOSO',
    coupons: [{ number: 1, status: 'open', carrier: 'GA', flightNumber: '874', origin: 'CGK', destination: 'NRT' }],
    ...changes,
  }
}

/** A confirmed reservation without tickets. */
export function reservation(changes: Partial<Reservation> = {}): Reservation {
  return {
    pnr: 'ABC123',
    supplierRef: 'ref-1',
    status: 'active',
    segments: [{ carrier: 'GA', flightNumber: '874', status: 'confirmed' }],
    total: money(41_250, 'USD'),
    tickets: [],
    ticketBy: null,
    ...changes,
  }
}
