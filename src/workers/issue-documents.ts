import type { Booking } from '../booking/index.ts'
import type { DocumentInput, ETicketInput, VoucherInput } from '../fulfilment/index.ts'
import { formatMoney } from '../kernel/money.ts'
import { flightNames } from '../travel/flight-names.ts'
import type { FlightOffer } from '../travel/flight.ts'
import { isStay } from '../travel/offer.ts'
import type { Property } from '../travel/property.ts'
import { shareOfPrice, type StayOffer } from '../travel/stay.ts'
import type { WorkerDeps } from './deps.ts'

/** The reaction to `booking.ticketed`: writes e-ticket or voucher and notes where it lies. Repeating it makes the same document. */
export async function issueDocuments(deps: WorkerDeps, bookingId: string): Promise<void> {
  const booking = await deps.bookings.get(bookingId)
  if (booking.documentKey !== null) return
  const { key } = await deps.fulfilment.issueDocuments(await toDocument(deps, booking))
  await deps.bookings.noteDocument(bookingId, key)
}

/** Writes the documents of a ticketed booking again, from what it is now, and notes where they lie if that was not known. */
export async function reissueDocuments(
  deps: Pick<WorkerDeps, 'bookings' | 'fulfilment' | 'search' | 'publicUrl'>,
  bookingId: string,
): Promise<void> {
  const { key } = await deps.fulfilment.issueDocuments(await toDocument(deps, await deps.bookings.get(bookingId)))
  await deps.bookings.noteDocument(bookingId, key)
}

async function toDocument(deps: Pick<WorkerDeps, 'search' | 'publicUrl'>, booking: Booking): Promise<DocumentInput> {
  const { offer, pnr } = booking
  if (pnr === null) throw new Error(`${booking.id} has no reference to print`)
  if (!isStay(offer)) return { kind: 'e-ticket', ...toETicket({ ...booking, offer, pnr }, deps.publicUrl) }
  const property = await deps.search.stays.findProperty(offer.provider, offer.property)
  return { kind: 'voucher', ...toVoucher({ ...booking, offer, pnr }, property, deps.publicUrl) }
}

function toVoucher(
  booking: Booking & { readonly offer: StayOffer; readonly pnr: string },
  property: Property | null,
  publicUrl: string,
): VoucherInput {
  const { offer, total } = booking
  return {
    bookingReference: booking.reference,
    confirmation: booking.pnr,
    issuedAt: booking.updatedAt,
    stay: offer,
    address: property && ([property.address, property.city].filter(Boolean).join(', ') || null),
    checkInFrom: property?.checkInFrom ?? null,
    checkOutUntil: property?.checkOutUntil ?? null,
    guests: booking.passengers.map(({ givenName, familyName }) => `${givenName} ${familyName}`),
    total,
    shown: (amount) => formatMoney(shareOfPrice(total, offer.total, amount)),
    support: 'Questions about this stay: open the trip page; changes and cancellations are made there.',
    qrPayload: `${publicUrl}/trips/${booking.id}`,
  }
}

function toETicket(booking: Booking & { readonly offer: FlightOffer; readonly pnr: string }, publicUrl: string): ETicketInput {
  return {
    bookingReference: booking.reference,
    pnr: booking.pnr,
    issuedAt: booking.updatedAt,
    passengers: ticketsByPassenger(booking),
    slices: booking.offer.slices,
    fares: booking.offer.passengers,
    names: flightNames,
    total: booking.total,
    base: null,
    taxes: null,
    refundable: booking.offer.refundable,
    changeable: booking.offer.changeable,
    support: 'Questions about this trip: open the trip page; changes and cancellations are made there.',
    qrPayload: `${publicUrl}/trips/${booking.id}`,
  }
}

/** Letters only, so that "SANTOSO/BUDI MR" and "Budi Santoso" can be compared. */
function lettersOf(name: string): Set<string> {
  const folded = name.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()
  return new Set(folded.split(/[^A-Z]+/).filter(Boolean))
}

/** Each passenger's own tickets by the name on them; where suppliers print none, or an unlike one, in the order given. */
export function ticketsByPassenger(booking: Pick<Booking, 'passengers' | 'tickets'>): ETicketInput['passengers'] {
  const left = [...booking.tickets]
  const take = (matches: (index: number) => boolean): string[] => {
    const taken = left.filter((_, index) => matches(index))
    for (const ticket of taken) left.splice(left.indexOf(ticket), 1)
    return taken.map((ticket) => ticket.number)
  }
  const named = booking.passengers.map((passenger) => {
    const wanted = lettersOf(`${passenger.givenName} ${passenger.familyName}`)
    return take((index) => {
      const printed = lettersOf(left[index]!.passengerName ?? '')
      return wanted.size > 0 && [...wanted].every((word) => printed.has(word))
    })
  })
  return booking.passengers.map((passenger, index) => ({
    name: `${passenger.givenName} ${passenger.familyName}`,
    type: passenger.type,
    ticketNumbers: named[index]!.length > 0 ? named[index]! : take((position) => position === 0),
  }))
}
