import type { Instant, LocalDate } from '../../kernel/time.ts'
import { isLocalDate } from '../../kernel/time.ts'
import type { RoomOccupancy } from '../../travel/stay.ts'
import type { MessageKind, StayShopReply, Translation, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { HOTELBEDS, findRefusal, toReadError } from './faults.ts'
import { toOffers } from './from-wire-offer.ts'
import { occupancyKey } from './room-groups.ts'
import { readBooked, readBooking, readCancelled, readHotels, readShop, toReply, type Reply } from './read-reply.ts'
import { wireCheckedRates, wireRate, type WireHotel } from './wire.ts'

/**
 * Reads one message of Hotelbeds' without calling it. An error reply to a write becomes its outcome; to a read it is thrown as
 * the ProviderError that the read would have thrown. Throws ProviderError('malformed') for what is not theirs.
 */
export function translate(kind: MessageKind, message: string, now: Instant): Translation {
  const reply = toReply(null, message)
  switch (kind) {
    case 'shop':
    case 'stay-shop':
      return { kind: 'stays', ...readAlone(reply, now) }
    case 'price':
      return { kind: 'stays', ...readCheckAlone(reply, now) }
    case 'book':
      return { kind: 'reservation', result: orThrow(readBooked(reply)) }
    case 'retrieve':
      return { kind: 'reservation', result: { outcome: 'ok', value: readBooking(reply).reservation } }
    case 'cancel': {
      const result = orThrow(readCancelled(reply))
      // What comes back depends on what the booking had cost, and a cancellation does not tell that.
      return result.outcome === 'ok'
        ? { kind: 'cancellation', result: { outcome: 'ok', value: { refund: null } }, pnr: result.value.reference }
        : { kind: 'cancellation', result, pnr: null }
    }
    case 'ticket':
    case 'void':
    case 'refund':
    case 'exchange':
    case 'seat-map':
    case 'fare-rules':
    case 'availability':
      throw new ProviderError(HOTELBEDS, 'malformed', `Hotelbeds has no message about "${kind}"`)
  }
}

/** A message alone does not say what was asked; its own dates and the occupancies of its rates do. */
function readAlone(reply: Reply, now: Instant): StayShopReply {
  const { hotels, dates } = readHotels(reply)
  const checkIn = toDate(dates.checkIn)
  const checkOut = toDate(dates.checkOut)
  if (hotels.length === 0) return { solutions: 0, offers: [] }
  return readShop(reply, { checkIn, checkOut, rooms: occupanciesOf(hotels), now })
}

function readCheckAlone(reply: Reply, now: Instant): StayShopReply {
  const refusal = findRefusal(reply.body)
  if (refusal || !wireCheckedRates.Check(reply.body)) throw toReadError(refusal, null)
  const { hotel } = reply.body
  const stay = { checkIn: toDate(hotel.checkIn), checkOut: toDate(hotel.checkOut), rooms: occupanciesOf([hotel]), now }
  const { offers, unread } = toOffers(hotel, stay)
  if (offers.length === 0 && unread > 0) throw new ProviderError(HOTELBEDS, 'malformed', 'the checked rates could not be read')
  return { solutions: offers.length > 0 ? 1 : 0, offers }
}

function toDate(text: string | null | undefined): LocalDate {
  const date = text?.slice(0, 10) ?? ''
  if (!isLocalDate(date)) throw new ProviderError(HOTELBEDS, 'malformed', 'the message does not say which dates it is about')
  return date
}

/** The age that counts for a child whose age a message does not tell: the highest one may have. */
const AGE_NOT_TOLD = 17

/** Every occupancy that rates are for, each as often as it has rooms. */
function occupanciesOf(hotels: readonly WireHotel[]): RoomOccupancy[] {
  const found = new Map<string, { occupancy: RoomOccupancy; rooms: number }>()
  const rates = hotels.flatMap((hotel) => (hotel.rooms ?? []).flatMap((room) => room.rates ?? []))
  for (const rate of rates) {
    if (!wireRate.Check(rate)) continue
    const { rooms, adults, children, childrenAges } = rate
    const ages =
      String(childrenAges ?? '')
        .match(/\d+/g)
        ?.map(Number) ?? []
    const occupancy = {
      adults: adults ?? 1,
      childAges: Array.from({ length: children ?? 0 }, (_, index) => ages[index] ?? AGE_NOT_TOLD),
    }
    found.set(occupancyKey(occupancy), { occupancy, rooms: rooms ?? 1 })
  }
  return [...found.values()].flatMap(({ occupancy, rooms }) => Array.from({ length: rooms }, () => occupancy))
}

/** A message given to us by hand that is nobody's is an error of whoever gave it, not an unknown outcome. */
function orThrow<T>(result: WriteOutcome<T>): WriteOutcome<T> {
  if (result.outcome === 'unknown' && result.cause === 'malformed') throw new ProviderError(HOTELBEDS, 'malformed', result.message)
  return result
}
