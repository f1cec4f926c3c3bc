import type { Money } from '../../../kernel/money.ts'
import type { LocalDate } from '../../../kernel/time.ts'
import type { StayOffer, StayRoom } from '../../../travel/stay.ts'
import { attribute, child, children, descendants, type XmlElement } from '../../../platform/xml.ts'
import type { StayShopReply } from '../../contract.ts'
import { PROVIDER_ID } from '../exchange.ts'
import { malformed, readCount, readMoneyOrNull, required } from '../read-values.ts'

/** HotelSearchAvailabilityRsp does not repeat the dates; whoever has asked knows them. */
const NOT_TOLD = '' as LocalDate

/** From-prices of properties: what the cheapest rate of a rate supplier costs, and not which room at which terms. */
export type HotelSearch = StayShopReply & { readonly hasMore: boolean }

/**
 * Reads HotelSearchAvailabilityRsp. Every amount for the stay is an offer; an approximate one counts where it is the only
 * one, because the host has converted it. Such a from-price cannot be booked: HotelDetails tells the rates behind it.
 */
export function readHotelSearch(reply: XmlElement): HotelSearch {
  const found = children(reply, 'HotelSearchResult').map((result) => readResult(result))
  return {
    solutions: found.filter((offers) => offers.length > 0).length,
    offers: found.flat(),
    hasMore: children(reply, 'NextResultReference').length > 0,
  }
}

/** The code by which a property is known: its chain's two letters, then its own code there. */
export function propertyCode(property: XmlElement): string {
  const chain = required(property, 'HotelChain')
  if (chain.length !== 2) throw malformed(`the hotel chain "${chain.slice(0, 20)}" has not two letters`)
  return chain + required(property, 'HotelCode')
}

function readResult(result: XmlElement): readonly StayOffer[] {
  const property = child(result, 'HotelProperty')
  if (!property) throw malformed('a search result names no property')
  const code = propertyCode(property)
  const name = attribute(property, 'Name') ?? code
  return children(result, 'RateInfo').flatMap((rate, index) => {
    const total = readMoneyOrNull(attribute(rate, 'MinimumStayAmount')) ?? readMoneyOrNull(attribute(rate, 'ApproximateMinimumStayAmount'))
    return total ? [toOffer(rate, { id: `${code}.${index}`, code, name, total })] : []
  })
}

function toOffer(rate: XmlElement, { id, code, name, total }: { id: string; code: string; name: string; total: Money }): StayOffer {
  const payment = attribute(rate, 'PaymentType')
  const supplier = attribute(rate, 'RateSupplier')
  return {
    id,
    provider: PROVIDER_ID,
    property: code,
    propertyName: name,
    checkIn: NOT_TOLD,
    checkOut: NOT_TOLD,
    rooms: readRooms(rate),
    board: null,
    boardText: null,
    ratePlan: supplier === undefined ? null : { code: supplier, name: null },
    total,
    charges: [],
    payAt: payment === 'PrePay' ? 'booking' : payment === 'PostPay' ? 'property' : null,
    refundable: null,
    cancellation: null,
    roomsLeft: null,
    // PackageOffer is about rooms that are sold together, not about a flight beside them.
    isPackageOnly: false,
    remarks: [
      'This is the lowest price of the property, not a room.',
      ...(attribute(rate, 'TaxesIncluded') === 'false' ? ['Taxes are not included.'] : []),
      ...(attribute(rate, 'AmountConverted') === 'true' ? ['The amount is converted.'] : []),
    ],
    expiresAt: null,
    supplierToken: id,
  }
}

/** "Capacity 2, quantity 2" is two rooms for two; of who sleeps there nothing more is said. */
function readRooms(rate: XmlElement): readonly StayRoom[] {
  return descendants(child(rate, 'RoomDispatch'), 'Room').flatMap((room) => {
    const capacity = readCount(attribute(room, 'Capacity')) ?? 1
    const one: StayRoom = { name: `Room for ${capacity}`, code: null, occupancy: { adults: capacity, childAges: [] } }
    return Array.from({ length: Math.min(9, readCount(attribute(room, 'Quantity')) ?? 1) }, () => one)
  })
}

/** The codes of the properties in HotelSearchAvailabilityRsp that have a room. */
export function readAvailableCodes(reply: XmlElement): readonly string[] {
  return children(reply, 'HotelSearchResult').flatMap((result) => {
    const property = child(result, 'HotelProperty')
    const availability = attribute(property, 'Availability')
    return property && availability !== 'NotAvailable' && children(result, 'RateInfo').length > 0 ? [propertyCode(property)] : []
  })
}

/** Where the next page of HotelSearchAvailabilityRsp is, null on the last one. */
export function readNextReference(reply: XmlElement): string | null {
  const text = child(reply, 'NextResultReference')?.text.trim()
  return text === undefined || text === '' ? null : text
}
