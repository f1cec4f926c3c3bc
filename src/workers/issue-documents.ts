import type { Booking, BookingItem } from '../booking/index.ts'
import type { DocumentInput, ETicketInput, VoucherInput } from '../fulfilment/index.ts'
import { formatMoney } from '../kernel/money.ts'
import { flightNames } from '../travel/flight-names.ts'
import type { FlightOffer } from '../travel/flight.ts'
import { isStay } from '../travel/offer.ts'
import type { Property } from '../travel/property.ts'
import { shareOfPrice, type StayOffer } from '../travel/stay.ts'
import type { WorkerDeps } from './deps.ts'

/** The reaction to `booking.ticketed`: writes e-tickets and vouchers and notes where they lie. Repeating it makes the same documents. */
export async function issueDocuments(deps: WorkerDeps, bookingId: string): Promise<void> {
  const booking = await deps.bookings.get(bookingId)
  for (const item of ticketedItems(booking)) {
    if (item.documentKey !== null) continue
    const { key } = await deps.fulfilment.issueDocuments(await toDocument(deps, booking, item))
    await deps.bookings.noteDocument(bookingId, { itemId: item.id, key })
  }
}

/** Writes the documents of a booking again, from what it is now, and notes where they lie if that was not known. */
export async function reissueDocuments(
  deps: Pick<WorkerDeps, 'bookings' | 'fulfilment' | 'search' | 'publicUrl'>,
  bookingId: string,
): Promise<void> {
  const booking = await deps.bookings.get(bookingId)
  for (const item of ticketedItems(booking)) {
    const { key } = await deps.fulfilment.issueDocuments(await toDocument(deps, booking, item))
    await deps.bookings.noteDocument(bookingId, { itemId: item.id, key })
  }
}

/** What the traveller has got: all of it, or what stays where the rest was refunded. */
export function ticketedItems({ items }: Booking): readonly BookingItem[] {
  return items.filter((item) => item.position === 'ticketed')
}

type Confirmed = Pick<BookingItem, 'tickets' | 'price'> & { readonly booking: Booking; readonly pnr: string }

async function toDocument(deps: Pick<WorkerDeps, 'search' | 'publicUrl'>, booking: Booking, item: BookingItem): Promise<DocumentInput> {
  const { offer, pnr, tickets, price } = item
  if (pnr === null) throw new Error(`${item.id} of ${booking.id} has no reference to print`)
  const confirmed = { booking, pnr, tickets, price }
  if (!isStay(offer)) return { kind: 'e-ticket', ...toETicket({ ...confirmed, offer }, deps.publicUrl) }
  const property = await deps.search.stays.findProperty(offer.provider, offer.property)
  return { kind: 'voucher', ...toVoucher({ ...confirmed, offer }, property, deps.publicUrl) }
}

function toVoucher(confirmed: Confirmed & { readonly offer: StayOffer }, property: Property | null, publicUrl: string): VoucherInput {
  const { booking, offer, price } = confirmed
  return {
    bookingReference: booking.reference,
    confirmation: confirmed.pnr,
    issuedAt: booking.updatedAt,
    stay: offer,
    address: property && ([property.address, property.city].filter(Boolean).join(', ') || null),
    checkInFrom: property?.checkInFrom ?? null,
    checkOutUntil: property?.checkOutUntil ?? null,
    guests: booking.passengers.map(({ givenName, familyName }) => `${givenName} ${familyName}`),
    total: price,
    shown: (amount) => formatMoney(shareOfPrice(price, offer.total, amount)),
    support: 'Questions about this stay: open the trip page; changes and cancellations are made there.',
    qrPayload: `${publicUrl}/trips/${booking.id}`,
  }
}

function toETicket(confirmed: Confirmed & { readonly offer: FlightOffer }, publicUrl: string): ETicketInput {
  const { booking, offer, pnr, tickets, price } = confirmed
  return {
    bookingReference: booking.reference,
    pnr,
    issuedAt: booking.updatedAt,
    passengers: ticketsByPassenger({ passengers: booking.passengers, tickets }),
    slices: offer.slices,
    fares: offer.passengers,
    names: flightNames,
    total: price,
    base: null,
    taxes: null,
    refundable: offer.refundable,
    changeable: offer.changeable,
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
export function ticketsByPassenger(booking: Pick<Booking, 'passengers'> & Pick<BookingItem, 'tickets'>): ETicketInput['passengers'] {
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
