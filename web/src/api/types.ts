/**
 * What the HTTP API says, in the server's own words: types of its schemas only, nothing of the server is in the page.
 * Amounts are decimal texts, never numbers.
 */
import type { Static } from 'typebox'
import type { BookingBody, BookingReply, PaymentReply, VerificationReply } from '../../../src/booking/schemas.ts'
import type { PriceCalendarReply, PriceGridReply } from '../../../src/search/price-schemas.ts'
import type { FacetsEvent, OffersEvent, PlaceReply, ResultSchema, SearchReply } from '../../../src/search/schemas.ts'
import type { HouseReply, StaySearchReply } from '../../../src/search/stay-schemas.ts'
import type { MoneySchema, OfferSchema } from '../../../src/travel/schemas.ts'
import type { StayOfferSchema } from '../../../src/travel/stay-schemas.ts'

export type Money = Static<typeof MoneySchema>

export type Offer = Static<typeof OfferSchema>
/** An offer in a list, with who else sells the same. */
export type Result = Static<typeof ResultSchema>
export type Alternative = Result['alternatives'][number]
export type PassengerFare = Offer['passengers'][number]
export type PassengerType = PassengerFare['type']
export type Penalty = Offer['penalties'][number]
export type Slice = Offer['slices'][number]
export type Segment = Slice['segments'][number]
export type Baggage = Segment['baggage'][number]
/** A local time at a place, "2026-11-10T18:35", and its offset where the supplier says it. */
export type PlaceTime = Segment['departure']

export type Place = Static<typeof PlaceReply>['data'][number]

export type OffersAnswer = Static<typeof SearchReply>
export type CabinClass = OffersAnswer['search']['cabin']
export type Source = OffersAnswer['sources'][number]
export type SourceState = Source['state']
export type Facets = OffersAnswer['facets']
export type StopsFacet = Facets['stops'][number]
/** A value of a facet: what choosing it alone would show, from what price; some have a name. */
export type FacetValue = Facets['cabins'][number] & { name?: string | null }
export type RangeFacet = NonNullable<Facets['duration']>
export type SelfTransfer = NonNullable<Offer['self_transfer']>

/** What a stream says has changed in the first page. */
export type OffersUpdate = Static<typeof OffersEvent>
export type FacetsUpdate = Static<typeof FacetsEvent>

export type PriceGrid = Static<typeof PriceGridReply>
export type PriceCell = PriceGrid['data'][number]
export type PriceCalendar = Static<typeof PriceCalendarReply>
export type PriceDay = PriceCalendar['data'][number]
export type PriceLevel = NonNullable<PriceDay['level']>

export type StaysAnswer = Static<typeof StaySearchReply>
export type StayFacets = StaysAnswer['facets']
/** A house of a list, with the rates of it that pass the filters. */
export type StayResult = StaysAnswer['data'][number]
export type House = StayResult['house']
export type HouseDetails = Static<typeof HouseReply>['data']
/** Rooms at a rate for the whole stay. */
export type StayOffer = Static<typeof StayOfferSchema>
/** What is booked: flights, or rooms. */
export type AnyOffer = Offer | StayOffer

/** True for rooms, which say so. */
export function isStay(offer: AnyOffer): offer is StayOffer {
  return 'kind' in offer && offer.kind === 'stay'
}

/** What checking an offer came to; an offer is told as the same kind it was shown as. */
export type Verification<O extends AnyOffer = AnyOffer> = Omit<Static<typeof VerificationReply>, 'offer' | 'alternatives'> & {
  offer: O | null
  alternatives: O[]
}

/** One of the things a booking sells. */
export type BookingItem = Booking['items'][number]
/** The page sells one offer at a time. */
export type BookingOrder = Static<typeof BookingBody> & { offer_id: string }
export type PassengerOrder = NonNullable<BookingOrder['passengers']>[number]
export type GuestOrder = NonNullable<BookingOrder['guests']>[number]
export type Gender = PassengerOrder['gender']

export type Booking = Static<typeof BookingReply>
export type BookingStatus = Booking['status']
export type TimelineEntry = Booking['timeline'][number]
export type Refund = NonNullable<Booking['refund']>
/** Flights that the airline has changed after they were ticketed. */
export type ScheduleChange = Booking['schedule_changes'][number]
export type ChangeAction = ScheduleChange['actions'][number]

export type Payment = Static<typeof PaymentReply>
