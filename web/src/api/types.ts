/** What the HTTP API says, as the page reads it. Mirrors /openapi.json; amounts are decimal texts, never numbers. */
export type Money = { amount: string; currency: string }

export type Place = {
  code: string
  kind: 'airport' | 'city'
  name: string
  city: string
  country: string
  time_zone: string
  airports?: string[]
}

export type PassengerType = 'adult' | 'child' | 'infant'
export type CabinClass = 'economy' | 'premium_economy' | 'business' | 'first'

/** A local time at a place, "2026-11-10T18:35", and its offset where the supplier says it. */
export type PlaceTime = { local: string; offset: string | null }

export type Baggage = { kind: 'personal' | 'carry_on' | 'checked'; pieces: number | null; weight_kg: number | null }

export type Segment = {
  carrier: string
  carrier_name?: string
  flight_number: string
  operating_carrier: string | null
  origin: string
  origin_terminal: string | null
  destination: string
  destination_terminal: string | null
  departure: PlaceTime
  arrival: PlaceTime
  duration_minutes: number | null
  equipment: string | null
  cabin: CabinClass | null
  booking_class: string | null
  fare_basis: string | null
  brand: string | null
  baggage: Baggage[]
}

export type Slice = { origin: string; destination: string; duration_minutes: number | null; stops: number; segments: Segment[] }

export type PassengerFare = { type: PassengerType; count: number; total: Money | null; base: Money | null; taxes: Money | null }

export type Penalty = { kind: 'change' | 'refund'; allowed: boolean | null; amount: Money | null }

export type Offer = {
  id: string
  provider: string
  solution: number
  total: Money
  base: Money | null
  taxes: Money | null
  passengers: PassengerFare[]
  validating_carrier: string | null
  last_ticketing_at: string | null
  expires_at: string | null
  refundable: boolean | null
  changeable: boolean | null
  penalties: Penalty[]
  slices: Slice[]
}

export type SourceState = 'asked' | 'answered' | 'timed_out' | 'failed' | 'throttled'

export type Source = {
  provider: string
  name: string
  state: SourceState
  offers?: number
  solutions?: number
  ms?: number
  fault?: string | null
}

export type StopsFacet = { value: number; count: number; from: Money | null }
export type AirlineFacet = { value: string; name: string; count: number; from: Money | null }

export type OffersAnswer = {
  search: {
    origin: string
    destination: string
    departure_date: string
    return_date: string | null
    passengers: { adults: number; children: number; infants: number }
    cabin: CabinClass
  }
  sources: Source[]
  prices: { checked_at: string; age_seconds: number; fresh_until: string; from_cache: boolean }
  currency: string
  total: number
  matching: number
  facets: { stops: StopsFacet[]; airlines: AirlineFacet[]; price: { min: Money | string; max: Money | string } | null }
  data: Offer[]
  page: { after: string | null; has_more: boolean }
}

export type Verification = {
  outcome: 'same' | 'changed' | 'gone'
  offer: Offer | null
  previous_total: Money | null
  delta: Money | null
  reason: 'price' | 'schedule' | 'baggage' | 'rules' | null
  bookable_until: string | null
  alternatives?: Offer[]
}

export type Gender = 'female' | 'male' | 'unspecified'

export type PassengerOrder = {
  type: PassengerType
  title: string | null
  given_name: string
  family_name: string
  born_on: string
  gender: Gender
  document: { kind: 'passport'; number: string; issuing_country: string; nationality: string; expires_on: string } | null
}

export type BookingOrder = {
  offer_id: string
  expected_total: Money
  passengers: PassengerOrder[]
  contact: { email: string; phone: string }
}

export type BookingStatus =
  | 'INIT'
  | 'PENDING_PAYMENT'
  | 'PAID'
  | 'PENDING_TICKET'
  | 'TICKETED'
  | 'REFUND_PENDING'
  | 'REFUNDED'
  | 'CANCELLED'

export type TimelineEntry = { at: string; event: string; text: string }

export type Refund = {
  amount: Money
  held_by: 'bank' | 'farewire' | 'airline'
  due_by: string | null
  state: 'requested' | 'pending' | 'completed' | 'failed'
  reason: string
}

export type Booking = {
  id: string
  reference: string
  status: BookingStatus
  stage: 'awaiting_payment' | 'confirming' | 'ticketed' | 'refunding' | 'refunded' | 'cancelled'
  version: number
  total: Money
  offer: Offer
  passengers: { type: PassengerType; title: string | null; given_name: string; family_name: string }[]
  contact: { email: string; phone: string }
  pnr: string | null
  tickets: { number: string; passenger_name: string | null }[]
  documents: { kind: string; url: string }[]
  payment_required_by: string | null
  promise: { text: string; answer_by: string | null } | null
  refund: Refund | null
  timeline: TimelineEntry[]
  money_moved: string
  created_at: string
  updated_at: string
}

export type Payment = {
  id: string
  booking_id: string
  status: string
  amount: Money
  redirect_url: string | null
  expires_at: string | null
}
