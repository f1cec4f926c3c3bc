import type { Instant } from '../../kernel/time.ts'
import type { RoomOccupancy, StayOffer, StayQuery } from '../../travel/stay.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { StayShopReply } from '../contract.ts'
import { combineRooms, type Combined } from './combine-rooms.ts'
import { readOccupancy, readRoomRates, type RoomOption } from './read-room-rates.ts'
import type { Dates } from './read-total.ts'
import { createMoneyReader, groupBy, readDates } from './read-values.ts'
import { PROVIDER_ID, type OfferToken } from './wire.ts'

/** The elements that reading an availability reply asks for; what is not here is not found by the scanner. */
export const AVAIL_ELEMENTS = [
  'Success', 'Errors', 'Error', 'Warnings', 'Warning', 'RoomStays', 'RoomStay', 'RoomTypes', 'RoomType', 'RoomDescription', 'RoomDescriptions', 'Text', 'ListItem',
  'RatePlans', 'RatePlan', 'RatePlanDescription', 'AdditionalDetails', 'AdditionalDetail', 'DetailDescription', 'Guarantee', 'CancelPenalties', 'CancelPolicies',
  'CancelPolicy', 'CancelPenalty', 'Deadline', 'AmountPercent', 'PenaltyDescription', 'MealsIncluded', 'RoomRates', 'RoomRate', 'RoomRateDescription', 'Rates', 'Rate',
  'RateDescription', 'Base', 'Total', 'Taxes', 'Tax', 'TaxDescription', 'Fees', 'Fee', 'Description', 'PaymentPolicies', 'GuaranteePayment', 'GuestCounts',
  'GuestCount', 'TimeSpan', 'BasicPropertyInfo', 'Position', 'HotelStays', 'HotelStay',
] as const // prettier-ignore

/** What an availability message holds, and how many stays and rates there are whether or not an offer could be made of them. */
export type Availability = StayShopReply & { readonly roomStays: number; readonly roomRates: number; readonly ratePlans: number }

export type AvailOptions = {
  /** What was asked: rates for other dates, other hotels or fewer guests are no offers. Null where only the message is known. */
  readonly query: StayQuery | null
  /** Which steps of a cancellation are past; null leaves the timeline as the message tells it. */
  readonly now: Instant | null
}

type ReadStay = {
  readonly property: string
  readonly name: string
  readonly chain: string | null
  readonly dates: Dates
  readonly candidate: string | null
  readonly occupancy: RoomOccupancy | null
  readonly options: readonly RoomOption[]
}

/** Reads OTA_HotelAvailRS. A rate that cannot be understood gives no offer and spoils no other. */
export function readAvail(message: XmlElement, { query, now }: AvailOptions): Availability {
  const roomStays = children(child(message, 'RoomStays'), 'RoomStay')
  const amounts = createMoneyReader(message)
  const infoOf = propertyInfos(message, roomStays.length)
  const asked = query && new Set(query.properties)
  const sold = new Set<string>()
  const stays: ReadStay[] = []
  let roomRates = 0
  for (const [index, roomStay] of roomStays.entries()) {
    roomRates += children(child(roomStay, 'RoomRates'), 'RoomRate').length
    const info = infoOf(roomStay)
    const property = attribute(info, 'HotelCode') ?? ''
    const dates = datesOf(roomStay, query)
    const occupancy = readOccupancy(roomStay)
    if ((asked && !asked.has(property)) || (query && occupancy && !isForGuests(occupancy, query))) continue
    const { count, options } = dates ? readRoomRates(roomStay, dates, { amounts, now, info }) : { count: countOf(roomStay), options: [] }
    if (count > 0) sold.add(property || `#${index}`)
    if (!dates || property === '' || options.length === 0) continue
    const [name, chain] = [attribute(info, 'HotelName') || property, attribute(info, 'ChainCode') || null]
    stays.push({ property, name, chain, dates, candidate: candidateOf(roomStay), occupancy, options })
  }
  return {
    solutions: sold.size,
    offers: [...groupBy(stays, (stay) => stay.property).values()].flatMap((of) => toOffers(of, query)),
    roomStays: roomStays.length,
    roomRates,
    ratePlans: roomStays.reduce((sum, stay) => sum + children(child(stay, 'RatePlans'), 'RatePlan').length, 0),
  }
}

/**
 * The hotel of a stay: beside its rates, or in a list of its own that refers to stays by number, as Amadeus writes it. With
 * one hotel and one stay, a reference may be missing.
 */
function propertyInfos(message: XmlElement, stays: number): (roomStay: XmlElement) => XmlElement | undefined {
  const hotels = children(child(message, 'HotelStays'), 'HotelStay')
  const byNumber = new Map(
    hotels.flatMap((hotel) =>
      (attribute(hotel, 'RoomStayRPH') ?? '').split(/\s+/).map((number) => [number, child(hotel, 'BasicPropertyInfo')] as const),
    ),
  )
  const only = hotels.length === 1 && stays === 1 ? child(hotels[0], 'BasicPropertyInfo') : undefined
  return (roomStay) => child(roomStay, 'BasicPropertyInfo') ?? byNumber.get(attribute(roomStay, 'RPH') || '-') ?? only
}

function countOf(roomStay: XmlElement): number {
  return children(child(roomStay, 'RoomRates'), 'RoomRate').length
}

/** The dates of a stay, which must be those that were asked for: a shifted one may be cheaper than every real one. */
function datesOf(roomStay: XmlElement, query: StayQuery | null): Dates | null {
  const told = readDates(child(roomStay, 'TimeSpan'))
  if (!query) return told
  const { checkIn, checkOut } = query
  return told === null || (told.checkIn === checkIn && told.checkOut === checkOut) ? { checkIn, checkOut } : null
}

/** Guests may be counted for the one room or for all of them. */
function isForGuests(occupancy: RoomOccupancy, { rooms }: StayQuery): boolean {
  const guestsOf = (room: RoomOccupancy): number => room.adults + room.childAges.length
  const guests = guestsOf(occupancy)
  return rooms.some((room) => guestsOf(room) === guests) || rooms.reduce((sum, room) => sum + guestsOf(room), 0) === guests
}

function candidateOf(roomStay: XmlElement): string | null {
  const own =
    attribute(roomStay, 'RoomStayCandidateRPH') ?? attribute(child(child(roomStay, 'RoomRates'), 'RoomRate'), 'RoomStayCandidateRPH')
  return own?.trim() || null
}

const NOBODY: RoomOccupancy = { adults: 0, childAges: [] }

function toOffers(stays: readonly ReadStay[], query: StayQuery | null): readonly StayOffer[] {
  const combined = query ? combineRooms(roomsAsked(stays, query.rooms)) : combineTold(stays)
  const { property, name, chain, dates } = stays[0]!
  return combined.map(({ options, ...offer }, index) => ({
    id: `${property}.${index}`,
    provider: PROVIDER_ID,
    property,
    propertyName: name,
    checkIn: dates.checkIn,
    checkOut: dates.checkOut,
    ...offer,
    expiresAt: null,
    supplierToken: JSON.stringify({ v: 1, chain, rooms: options.map((option) => option.key) } satisfies OfferToken),
  }))
}

/**
 * The options of each room that was asked for: those of the candidate that it was in the request. Where the reply does not
 * say which candidate a stay is for, those for as many guests; a stay for one room is for that room.
 */
function roomsAsked(stays: readonly ReadStay[], rooms: readonly RoomOccupancy[]): Parameters<typeof combineRooms>[0] {
  const names = stays.some((stay) => stay.candidate !== null)
  return rooms.map((occupancy, index) => {
    const fitting = stays.filter((stay) =>
      rooms.length === 1
        ? true
        : names
          ? stay.candidate === String(index + 1)
          : stay.occupancy !== null && isSameOccupancy(stay.occupancy, occupancy),
    )
    return { occupancy, options: fitting.flatMap((stay) => stay.options) }
  })
}

function isSameOccupancy(a: RoomOccupancy, b: RoomOccupancy): boolean {
  const ages = (room: RoomOccupancy): string => room.childAges.toSorted((x, y) => x - y).join()
  return (
    a.adults === b.adults && (ages(a) === ages(b) || (a.childAges.length === b.childAges.length && a.childAges.every((age) => age === 0)))
  )
}

/** Without the question, several candidates are the rooms; otherwise each stay is one of a single room. */
function combineTold(stays: readonly ReadStay[]): readonly Combined[] {
  const candidates = [...new Set(stays.flatMap((stay) => stay.candidate ?? []))].toSorted((a, b) => Number(a) - Number(b))
  if (candidates.length < 2) return stays.flatMap((stay) => combineRooms([{ occupancy: stay.occupancy ?? NOBODY, options: stay.options }]))
  return combineRooms(
    candidates.map((candidate) => {
      const of = stays.filter((stay) => stay.candidate === candidate)
      return { occupancy: of[0]!.occupancy ?? NOBODY, options: of.flatMap((stay) => stay.options) }
    }),
  )
}
