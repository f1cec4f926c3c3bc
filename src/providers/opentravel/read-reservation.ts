import type { Money } from '../../kernel/money.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { attribute, child, children, descendants, type XmlElement } from '../../platform/xml.ts'
import { currencyOf, readRateTotal, readTotal } from './read-total.ts'
import { createMoneyReader, readDates, sumKnown, type MoneyReader } from './read-values.ts'
import { ID_TYPES, REFERENCE_CONTEXT } from './wire.ts'

/** A reservation with all numbers that the message gives it, by which ours is known. */
export type ReadReservation = { readonly reservation: Reservation; readonly numbers: readonly string[] }

/**
 * The reservations in OTA_HotelResRS or OTA_ResRetrieveRS that have a number of the seller's. `ours` is our reference,
 * which has the type of a reservation's number too and is not one.
 */
export function readReservations(message: XmlElement, ours: string | null): readonly ReadReservation[] {
  const amounts = createMoneyReader(message)
  const lists = [child(message, 'HotelReservations'), child(message, 'ReservationsList')]
  return lists.flatMap((list) => children(list, 'HotelReservation')).flatMap((one) => readReservation(message, one, ours, amounts) ?? [])
}

const CONFIRMED_BY_HOTEL = new Set(['10', '40'])

function readReservation(message: XmlElement, element: XmlElement, ours: string | null, amounts: MoneyReader): ReadReservation | null {
  const unique = children(element, 'UniqueID').map((one) => ({
    type: attribute(one, 'Type') ?? '',
    id: attribute(one, 'ID') ?? '',
    context: attribute(one, 'ID_Context') ?? '',
  }))
  const further = descendants(child(element, 'ResGlobalInfo'), 'HotelReservationID').map((one) => ({
    type: attribute(one, 'ResID_Type') ?? '',
    id: attribute(one, 'ResID_Value') ?? '',
    context: attribute(one, 'ResID_Source') ?? '',
  }))
  const theirs = [...unique, ...further].filter((one) => one.id !== '' && one.id !== ours && one.context !== REFERENCE_CONTEXT)
  const own = theirs.find((one) => one.type === ID_TYPES.reservation) ?? theirs.find((one) => one.type !== ID_TYPES.cancellation)
  if (!own) return null
  const confirmation = further.find((one) => CONFIRMED_BY_HOTEL.has(one.type) && one.id !== '' && one.id !== ours)
  return {
    numbers: [...unique, ...further].map((one) => one.id).filter((id) => id !== ''),
    reservation: {
      pnr: confirmation?.id ?? own.id,
      supplierRef: own.id,
      status: statusOf(message, element),
      segments: [],
      total: totalOf(element, amounts),
      tickets: [],
      ticketBy: null,
    },
  }
}

const ACTIVE = new Set(['book', 'booked', 'commit', 'committed', 'confirm', 'confirmed', 'reserved', 'modify', 'modified', 'reservation'])
const CANCELLED = new Set(['cancel', 'cancelled', 'canceled'])

/**
 * How the seller holds it. A booking that says neither is held, because it says that it succeeded; of what is retrieved
 * without a status nobody knows.
 */
function statusOf(message: XmlElement, element: XmlElement): Reservation['status'] {
  const words = [attribute(element, 'ResStatus'), attribute(message, 'ResResponseType'), attribute(message, 'ResStatus')]
  const word = words.find((one) => one !== undefined && one !== '')?.toLowerCase()
  if (word === undefined) return message.name.endsWith('ResRetrieveRS') ? 'unknown' : 'active'
  return ACTIVE.has(word) ? 'active' : CANCELLED.has(word) ? 'cancelled' : 'unknown'
}

function totalOf(element: XmlElement, amounts: MoneyReader): Money | null {
  const global = child(element, 'ResGlobalInfo')
  const stays = children(child(element, 'RoomStays'), 'RoomStay')
  const whole = child(global, 'Total')
  return (whole && readTotal(whole, null, amounts)) ?? sumKnown(stays.map((stay) => totalOfStay(stay, global, amounts)))
}

function totalOfStay(stay: XmlElement, global: XmlElement | undefined, amounts: MoneyReader): Money | null {
  const own = child(stay, 'Total')
  const stated = own && readTotal(own, currencyOf([own]), amounts)
  if (stated) return stated
  const dates = readDates(child(stay, 'TimeSpan')) ?? readDates(child(global, 'TimeSpan'))
  const roomRates = children(child(stay, 'RoomRates'), 'RoomRate')
  if (!dates || roomRates.length === 0) return null
  const rates = roomRates.flatMap((roomRate) => children(child(roomRate, 'Rates'), 'Rate'))
  const totals = { ofRoomRate: roomRates.length === 1 ? child(roomRates[0], 'Total') : undefined, ofRoomStay: undefined }
  return readRateTotal(rates, totals, dates, amounts)?.total ?? null
}
