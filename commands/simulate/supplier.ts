import type { FlightSupplier, Provider, WriteOutcome } from '../../src/providers/contract.ts'
import { ProviderError } from '../../src/providers/errors.ts'
import { addMoney, money } from '../../src/kernel/money.ts'
import type { FlightOffer } from '../../src/travel/flight.ts'
import type { Reservation, Ticket } from '../../src/travel/reservation.ts'
import type { CallResult, Scheduler } from './scheduler.ts'

/** What befalls a write on its way to the supplier and back, or what the supplier itself does with it. */
export type SupplierFault =
  | 'none'
  | 'timeout_before'
  | 'timeout_after'
  | 'error_before'
  | 'error_after'
  /** The supplier carries it out after we have given up waiting, within its horizon. */
  | 'timeout_late'
  | 'not_sent'
  | 'refused'
  | 'sold_out'
  | 'price_changed'
  | 'waitlisted'
  | 'partial'
  | 'no_answer'

/** A reservation in the supplier's own books. Tickets that are not void are live. */
export type Held = {
  readonly supplierRef: string
  readonly reference: string
  readonly pnr: string
  readonly seats: number
  readonly isConfirmed: boolean
  status: 'active' | 'cancelled'
  live: number
  voided: number
}

/** A write that the supplier will still carry out. */
export type LateWrite = { readonly dueAt: number; readonly land: () => void }

export type SupplierBooks = {
  readonly held: Held[]
  readonly late: LateWrite[]
  stock: number
  /** What the supplier asks on top of the price that was verified. */
  surcharge: number
  ticketsAtOnce: boolean
}

export type SimulatedSupplier = {
  readonly provider: Provider
  readonly books: SupplierBooks
  readonly reset: () => void
}

export type SupplierOptions = {
  readonly scheduler: Scheduler
  readonly faultOf: (label: string, fault: number) => SupplierFault
  readonly now: () => number
  readonly onChange: () => void
}

const HORIZON_MS = 30 * 60_000
const TIMEOUT = { outcome: 'unknown', cause: 'timeout', message: 'no answer' } as const
const SERVER_ERROR = { outcome: 'unknown', cause: 'server_error', message: '500' } as const

/**
 * An airline with real stock and books of its own. It knows nothing of idempotency: what is sent twice is done twice.
 */
export function createSupplier({ scheduler, faultOf, now, onChange }: SupplierOptions): SimulatedSupplier {
  const books: SupplierBooks = { held: [], late: [], stock: 0, surcharge: 0, ticketsAtOnce: false }
  let made = 0

  function exchange<T>(label: string, effect: (fault: SupplierFault) => WriteOutcome<T>): Promise<WriteOutcome<T>> {
    let reply: WriteOutcome<T> | undefined
    return scheduler.call('supplier', label, (number): CallResult<WriteOutcome<T>> => {
      if (reply) return { value: reply }
      const fault = number === 0 ? 'none' : faultOf(label, number)
      switch (fault) {
        case 'timeout_before':
          return { value: TIMEOUT }
        case 'error_before':
          return { value: SERVER_ERROR }
        case 'not_sent':
          return { value: rejected('not_sent') }
        case 'refused':
          return { value: rejected('not_allowed') }
        case 'timeout_late':
          books.late.push({ dueAt: now() + HORIZON_MS / 3, land: () => void effect('none') })
          return { value: TIMEOUT }
        default: {
          const answer = effect(fault)
          reply = fault === 'timeout_after' ? TIMEOUT : fault === 'error_after' ? SERVER_ERROR : answer
          return number === 0 ? { value: reply } : 'again'
        }
      }
    })
  }
  const ask = <T>(label: string, answer: () => T): Promise<T> =>
    scheduler.call('supplier', label, (number) => {
      if (number !== 0 && faultOf(label, number) !== 'none') throw new ProviderError('sim', 'timeout', 'no answer')
      return { value: answer() }
    })
  const heldOf = (supplierRef: string): Held | undefined => books.held.find((held) => held.supplierRef === supplierRef)

  const flights: FlightSupplier = {
    shop: async () => ({ solutions: 0, offers: [] }),
    price: (offer) =>
      ask('price', () =>
        books.stock <= 0
          ? { outcome: 'gone', code: 'sold_out', message: 'gone' }
          : { outcome: 'priced', offer: dearer(offer, books.surcharge) },
      ),
    book: ({ reference, offer, passengers }) =>
      exchange('book', (fault) => {
        const seats = passengers.length
        if (fault === 'sold_out' || books.stock < seats) return rejected('sold_out')
        if (fault === 'price_changed' || (books.surcharge !== 0 && !offer.supplierToken.endsWith(`+${books.surcharge}`)))
          return rejected('price_changed')
        books.stock -= seats
        made += 1
        const held: Held = {
          supplierRef: `sup_${made}`,
          reference,
          pnr: `PNR${made}`,
          seats,
          isConfirmed: fault !== 'waitlisted',
          status: 'active',
          live: books.ticketsAtOnce && fault !== 'waitlisted' ? (fault === 'partial' ? seats - 1 : seats) : 0,
          voided: 0,
        }
        books.held.push(held)
        onChange()
        return { outcome: 'ok', value: toReservation(held) }
      }),
    ticket: ({ reservation }) =>
      exchange('ticket', (fault) => {
        const held = heldOf(reservation.supplierRef)
        if (!held || held.status === 'cancelled') return rejected('not_found')
        held.live += fault === 'partial' ? held.seats - 1 : held.seats
        onChange()
        return { outcome: 'ok', value: toReservation(held).tickets }
      }),
    retrieve: (supplierRef) => ask('retrieve', () => toReservation(heldOf(supplierRef)!)),
    find: ({ reference }) =>
      ask('find', () => {
        const held = books.held.find((one) => one.reference === reference && one.status === 'active')
        const any = held ?? books.held.find((one) => one.reference === reference)
        return any ? { outcome: 'found', reservation: toReservation(any) } : { outcome: 'absent' }
      }),
    cancel: ({ supplierRef }) =>
      exchange('cancel', () => {
        const held = heldOf(supplierRef)
        if (!held) return rejected('not_found')
        if (held.status === 'active') {
          held.status = 'cancelled'
          held.voided += held.live
          held.live = 0
          books.stock += held.seats
          onChange()
        }
        return { outcome: 'ok', value: { refund: null } }
      }),
  }
  return {
    provider: {
      id: 'sim',
      name: 'Simulated Air',
      limits: {
        shopTimeoutMs: 1_000,
        readTimeoutMs: 10_000,
        writeTimeoutMs: 20_000,
        replyBytesMax: 1_000,
        concurrentMax: 5,
        retentionMs: 60_000,
        unknownHorizonMs: HORIZON_MS,
        hedging: null,
        looks: { perMinuteMax: null, perBookingMax: null },
      },
      translate: () => {
        throw new Error('the simulated airline has no messages')
      },
      flights,
    },
    books,
    reset: () => {
      books.held.length = books.late.length = 0
      books.surcharge = made = 0
    },
  }
}

function rejected(
  reason: Extract<WriteOutcome<never>, { outcome: 'rejected' }>['reason'],
): Extract<WriteOutcome<never>, { outcome: 'rejected' }> {
  return { outcome: 'rejected', reason, code: reason, message: reason }
}

/** The offer at the price of now; its token tells that the new price is known. */
function dearer(offer: FlightOffer, surcharge: number): FlightOffer {
  if (surcharge === 0) return offer
  const token = `${offer.supplierToken.split('+')[0]}+${surcharge}`
  return { ...offer, supplierToken: token, total: addMoney(offer.total, money(surcharge, offer.total.currency)) }
}

const COUPON = { number: 1, status: 'open', carrier: 'GA', flightNumber: '874', origin: 'CGK', destination: 'NRT' } as const

function toReservation(held: Held): Reservation {
  const tickets: Ticket[] = []
  for (let i = 0; i < held.live + held.voided; i += 1)
    tickets.push({
      number: `126${held.pnr}${i}`,
      passengerName: null,
      coupons: [i < held.voided ? { ...COUPON, status: 'void' } : COUPON],
    })
  return {
    pnr: held.pnr,
    supplierRef: held.supplierRef,
    status: held.status,
    segments: [{ carrier: 'GA', flightNumber: '874', status: held.isConfirmed ? 'confirmed' : 'waitlisted' }],
    total: null,
    tickets,
    ticketBy: null,
  }
}
