import type { Coupon, Ticket } from '../../travel/reservation.ts'
import type { XmlElement } from '../../platform/xml.ts'
import { all, any, at, count, refs, value } from './elements.ts'
import { flightNumberOf, type Lists } from './lists.ts'
import { partOf, partsOf, type Message } from './message.ts'
import { toCoupon } from './wire.ts'

const PASSENGERS = ['PassengerReference', 'PassengerReferences', 'PassengerRefs', 'PaxRefID']

/** The electronic tickets in a reply. Documents for services (EMDs) are not tickets. */
export function readTickets(message: Message, lists: Lists): readonly Ticket[] {
  const infos = [
    ...partsOf(message, 'TicketDocInfos').flatMap((list) => all(list, 'TicketDocInfo')),
    ...partsOf(message, 'TicketDocInfo'),
    ...all(partOf(message, 'Order'), 'TicketDocInfo'),
  ]
  return infos.flatMap((info) => {
    const names = refs(info, ...PASSENGERS).map((key) => lists.travellers.get(key)?.name ?? null)
    const passengerName = names.length === 1 ? names[0]! : null
    return joined(
      all(info, 'TicketDocument', 'Ticket')
        .filter(isTicket)
        .map((document) => readTicket(document, passengerName, lists)),
    )
  })
}

/** T is a ticket; J and Y are documents for services, 700 is any other. One without a type is what was asked for. */
function isTicket(document: XmlElement): boolean {
  const type = value(document, 'TicketDocTypeCode', 'Type')?.toUpperCase()
  return type === undefined || type === 'T' || type === 'TKT' || type === '702' || type === 'TICKET' || type === 'ET'
}

function readTicket(document: XmlElement, passengerName: string | null, lists: Lists): Ticket {
  const number = value(document, 'TicketNumber', 'TicketDocNbr') ?? ''
  return {
    number: number.replace(/[\s-]/g, ''),
    passengerName,
    coupons: all(document, 'Coupon', 'CouponInfo').map((coupon, i) => readCoupon(coupon, i, lists)),
  }
}

/** One airline shows the three digits of the issuer as a ticket of their own before the other ten. */
function joined(tickets: readonly Ticket[]): readonly Ticket[] {
  const whole: Ticket[] = []
  let issuer = ''
  for (const ticket of tickets) {
    if (/^\d{3}$/.test(ticket.number)) issuer = ticket.number
    else {
      whole.push(/^\d{10}$/.test(ticket.number) ? { ...ticket, number: issuer + ticket.number } : ticket)
      issuer = ''
    }
  }
  return whole.filter((ticket) => ticket.number !== '')
}

function readCoupon(coupon: XmlElement, index: number, lists: Lists): Coupon {
  const sold = any(coupon, 'CurrentAirlineInfo', 'SoldAirlineInfo')
  const key = refs(sold, 'PaxSegmentRefID', 'SegmentRefs')[0] ?? refs(coupon, 'PaxSegmentRefID', 'SegmentRefs')[0]
  const segment = lists.segments.get(key ?? '')
  const marketing = any(sold, 'MarketingCarrier', 'MarketingCarrierInfo')
  const number = value(marketing, 'FlightNumber', 'MarketingCarrierFlightNumberText') ?? value(sold, 'FlightNumber')
  return {
    number: count(value(coupon, 'CouponNumber')) ?? index + 1,
    status: toCoupon(value(coupon, 'CouponStatusCode', 'Status', 'CouponStatus')),
    carrier: segment?.carrier ?? value(marketing, 'AirlineID', 'CarrierDesigCode') ?? null,
    flightNumber: segment?.flightNumber ?? (number === undefined ? null : flightNumberOf(number)),
    origin: segment?.origin ?? value(at(sold, 'Departure|Dep'), 'AirportCode', 'IATA_LocationCode') ?? null,
    destination: segment?.destination ?? value(at(sold, 'Arrival'), 'AirportCode', 'IATA_LocationCode') ?? null,
  }
}
