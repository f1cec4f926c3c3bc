/**
 * What the HTTP API says, in the server's own words: types of its schemas only, nothing of the server is in the page.
 * Amounts are decimal texts, never numbers.
 */
import type { Static } from 'typebox'
import type { BookingBody, BookingReply, PaymentReply, VerificationReply } from '../../../src/booking/schemas.ts'
import type { PlaceReply, SearchReply } from '../../../src/search/schemas.ts'
import type { MoneySchema, OfferSchema } from '../../../src/travel/schemas.ts'

export type Money = Static<typeof MoneySchema>

export type Offer = Static<typeof OfferSchema>
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
export type StopsFacet = OffersAnswer['facets']['stops'][number]
export type AirlineFacet = OffersAnswer['facets']['airlines'][number]

export type Verification = Static<typeof VerificationReply>

export type BookingOrder = Static<typeof BookingBody>
export type PassengerOrder = BookingOrder['passengers'][number]
export type Gender = PassengerOrder['gender']

export type Booking = Static<typeof BookingReply>
export type BookingStatus = Booking['status']
export type TimelineEntry = Booking['timeline'][number]
export type Refund = NonNullable<Booking['refund']>

export type Payment = Static<typeof PaymentReply>
