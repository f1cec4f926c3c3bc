import type { FlightSupplier, Provider, WriteOutcome } from '../../src/providers/contract.ts'
import { ProviderError } from '../../src/providers/errors.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'
import type { Reservation, Ticket } from '../../src/travel/reservation.ts'
import { reservation, ticket } from './offers.ts'

export type Behaviour = {
  price?: (offer: FlightOffer) => Awaited<ReturnType<FlightSupplier['price']>>
  /** What book answers instead of success. `lost`: it takes effect, the answer never arrives. */
  book?: WriteOutcome<Reservation> | 'lost' | 'lost_without_effect'
  ticket?: WriteOutcome<readonly Ticket[]> | 'lost'
  /** Reads fail too. */
  dark?: boolean
}

/** A supplier in memory that sells and tickets, and keeps the truth about what was reserved. */
export type FakeAirline = {
  readonly provider: Provider
  readonly calls: Record<'price' | 'book' | 'ticket' | 'cancel' | 'find', number>
  behave: Behaviour
}

export function createFakeAirline(): FakeAirline {
  const kept = new Map<string, Reservation>()
  const calls = { price: 0, book: 0, ticket: 0, cancel: 0, find: 0 }
  const lost = { outcome: 'unknown', cause: 'timeout', message: 'no answer' } as const
  const assertLight = (): void => {
    if (airline.behave.dark) throw new ProviderError('fake', 'timeout', 'no answer')
  }
  const flights: FlightSupplier = {
    shop: async () => ({ solutions: 0, offers: [] }),
    price: async (offer) => {
      calls.price += 1
      assertLight()
      return airline.behave.price?.(offer) ?? { outcome: 'priced', offer }
    },
    book: async ({ reference }) => {
      calls.book += 1
      const { book } = airline.behave
      if (book === 'lost_without_effect') return lost
      if (typeof book === 'object') return book
      const made = reservation({ supplierRef: reference })
      kept.set(reference, made)
      return book === 'lost' ? lost : { outcome: 'ok', value: made }
    },
    ticket: async ({ reference }) => {
      calls.ticket += 1
      const answer = airline.behave.ticket
      if (typeof answer === 'object') return answer
      const tickets = [ticket({ number: `126000000000${calls.ticket}` })]
      kept.set(reference, { ...kept.get(reference)!, tickets })
      return answer === 'lost' ? lost : { outcome: 'ok', value: tickets }
    },
    retrieve: async (supplierRef) => {
      assertLight()
      return kept.get(supplierRef)!
    },
    find: async ({ reference }) => {
      calls.find += 1
      assertLight()
      const found = kept.get(reference)
      return found ? { outcome: 'found', reservation: found } : { outcome: 'absent' }
    },
    cancel: async ({ supplierRef }) => {
      calls.cancel += 1
      kept.set(supplierRef, { ...kept.get(supplierRef)!, status: 'cancelled', tickets: [] })
      return { outcome: 'ok', value: { refund: null } }
    },
  }
  const limits = {
    shopTimeoutMs: 1_000,
    readTimeoutMs: 1_000,
    writeTimeoutMs: 1_000,
    replyBytesMax: 1_000,
    concurrentMax: 5,
    retentionMs: 60_000,
    unknownHorizonMs: 30 * 60_000,
    hedging: null,
    looks: { perMinuteMax: null, perBookingMax: null },
  }
  const translate = (): never => {
    throw new Error('the fake airline has no messages')
  }
  const airline: FakeAirline = { calls, behave: {}, provider: { id: 'fake', name: 'Fake Air', limits, translate, flights } }
  return airline
}
